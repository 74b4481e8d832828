import Testing
import Vocabulary

@testable import Storage

@Suite struct `SQL text` {
    @Test func `values become parameters and never text`() {
        let (text, values) = ("SELECT \("x'; DROP TABLE y; --") , \(7)" as SQL).rendered(for: .postgres)
        #expect(text == "SELECT $1 , $2")
        #expect(values == [.text("x'; DROP TABLE y; --"), .integer(7)])
    }
}
