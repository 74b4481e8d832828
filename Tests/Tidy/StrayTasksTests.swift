import Foundation
import Testing

private let start =
    #"(?<![\w.])Task(?:\s*<[^>\n]*>)?\s*"#
    + #"(?:\{|\.\s*(?:detached|init|immediate)\b|\(\s*(?:priority|name|operation|executorPreference)\b)"#

/// Places outside the composition root that must leave structured concurrency, with the reason.
private let allowances: [Allowance] = []

@Suite struct `Every task has a parent` {
    @Test func `in this project`() throws {
        expectNone(try strayTasks(in: .ours, allowing: allowances))
    }

    @Test(arguments: [
        "Task { await work() }", "Task.detached { }", "_ = Task(priority: .high) { }", "let t = Task<Void, Never> { }",
        "Task.init { }",
    ])
    func `a task without a parent is caught`(code: String) throws {
        #expect(try strayTasks(in: Repository(["Sources/Flow/Cycles/A.swift": "\n" + code]), allowing: []).map(\.line) == [2])
    }

    @Test(arguments: [
        "try await withThrowingTaskGroup { group in group.addTask { } }", "try Task.checkCancellation()", "struct SubTask { }",
        "try await Task.sleep(for: .seconds(1))", "// Task { }", "enum Work { case Task }",
    ])
    func `structured concurrency is let be`(code: String) throws {
        #expect(try strayTasks(in: Repository(["Sources/Flow/Cycles/A.swift": code]), allowing: []).isEmpty)
    }

    @Test func `the composition root starts the services`() throws {
        #expect(try strayTasks(in: Repository(["Sources/Apps/Server/A.swift": "Task { }"]), allowing: []).isEmpty)
    }

    @Test func `an allowance that nothing needs is caught`() throws {
        let allowed = [Allowance("Sources/Apps/plimsoll", "a task", because: "of a signal")]
        #expect(try strayTasks(in: Repository(["Sources/Apps/plimsoll/A.swift": "let a = 1"]), allowing: allowed).count == 1)
    }
}

private func strayTasks(in repository: Repository, allowing allowances: [Allowance]) throws -> [Finding] {
    var offences: [(what: String, finding: Finding)] = []
    for file in repository.swift(below: "Sources") where file.target != compositionRoot {
        for found in try file.code.matches(start) {
            let complaint = "a task without a parent outlives its caller: use a task group, or a service in Apps/Server"
            offences.append(("a task", Finding(file.path, found.line, complaint)))
        }
    }
    return weigh(offences, allowing: allowances, in: repository)
}
