import Testing

@Suite struct `Code without its comments and strings` {
    @Test(arguments: [
        ("let a = 1 // b", "let a = 1     "),
        ("/* a /* b */ c */ d", "                  d"),
        (#"let s = "a\"b" + c"#, "let s =        + c"),
        (#"f("x \(g("y)")) z") + h"#, "f(    (g(    ))   ) + h"),
        ("let s = #\"a\" \\(b\"# + c", "let s =            + c"),
        ("func `let it go`() {}", "func            () {}"),
        ("let s = \"\"\"\n  a \"b\" // c\n  \"\"\" + d", "let s =    \n            \n      + d"),
        ("\"unclosed\nlet a = 1", "         \nlet a = 1"),
        ("let é = 1", "let __ = 1"),
    ])
    func `is blanked column by column`(source: String, code: String) {
        #expect(CodeOnly.of(source) == code)
    }

    @Test func `an end in the middle of something is an end`() {
        for source in ["/*", "\"", "\"\\", "`", "#\"", "\"\\(", "\"\"\""] {
            #expect(CodeOnly.of(source).utf8.count == source.utf8.count)
        }
    }
}
