import SandboxERP
import TestSandbox
import Testing
import Vocabulary

extension RunningSandbox {
    /// Tells the adversary what to do with transfers from now on.
    func misbehave(_ mode: Adversary.Mode, _ more: String = "") async throws {
        let body = #"{"mode":"\#(mode.rawValue)","routes":["/transfers"]\#(more)}"#
        #expect(try await send("POST", "/adversary", body).status == 200)
    }
}

/// Fault rows 16 to 20: every mode does what it says, by the ERP's own count.
@Suite struct `The adversary in the sandbox ERP` {
    @Test(arguments: [
        (Adversary.Mode.error500, 500, 0), (.applyThen500, 500, 1), (.throttle429, 429, 0), (.throttle503, 503, 0),
        (.garbage, 200, 1), (.wrongType, 200, 1), (.noContent, 204, 1), (.redirect, 302, 0),
    ])
    func `an answer that misleads goes with the effect that the mode promises`(
        mode: Adversary.Mode, status: Int, effects: Int
    ) async throws {
        try await RunningSandbox.during { erp async throws in
            try await erp.misbehave(mode)
            let answer = try await erp.send("POST", "/transfers", transfer("A-1"))
            #expect(answer.status == status)
            #expect(try await erp.documents("A-1").count == effects)
            let ledger = try await erp.ledger()
            #expect(ledger.references["A-1"]?.arrivals == 1)
            #expect(ledger.references["A-1"]?.effects == effects)
            #expect(ledger.totals.interferences == 1)
        }
    }

    @Test(arguments: [(Adversary.Mode.drop, 1), (.dropBefore, 0)])
    func `a closed connection gives no answer, with and without the effect`(
        mode: Adversary.Mode, effects: Int
    ) async throws {
        try await RunningSandbox.during { erp async throws in
            try await erp.misbehave(mode)
            await #expect(throws: (any Error).self) { try await erp.send("POST", "/transfers", transfer("A-2")) }
            let ledger = try await erp.ledger()
            #expect(ledger.references["A-2"]?.arrivals == 1)
            #expect(ledger.references["A-2"]?.effects == effects)
        }
    }

    @Test func `a late effect is not there at first and is there afterwards`() async throws {
        try await RunningSandbox.during { erp async throws in
            try await erp.misbehave(.late, #","seconds":300"#)
            await #expect(throws: (any Error).self) { try await erp.send("POST", "/transfers", transfer("A-3")) }
            erp.time.advance(.seconds(299))
            #expect(try await erp.documents("A-3").isEmpty)
            erp.time.advance(.seconds(1))
            #expect(try await erp.documents("A-3").count == 1)
            #expect(try await erp.ledger().totals.effects == 1)
        }
    }

    @Test func `a slow ERP waits before it acts`() async throws {
        try await RunningSandbox.during { erp async throws in
            try await erp.misbehave(.slow, #","seconds":60"#)
            let before = erp.time.now
            #expect(try await erp.send("POST", "/transfers", transfer("A-4")).status == 201)
            #expect(erp.time.now - before == .seconds(60))
        }
    }

    @Test(arguments: [
        ("integer", "17"), ("httpDate", "Wed, 17 Jun 2026 12:00:17 GMT"), ("none", nil),
    ])
    func `a throttled caller is told when to come back, or is not`(form: String, header: String?) async throws {
        try await RunningSandbox.during { erp async throws in
            try await erp.misbehave(.throttle429, #","seconds":17,"retryAfter":"\#(form)""#)
            let answer = try await erp.send("POST", "/transfers", transfer("A-5"))
            #expect(answer.headers["retry-after"] == header)
        }
    }

    @Test func `only the next so many calls on the chosen routes are hit`() async throws {
        try await RunningSandbox.during { erp async throws in
            try await erp.misbehave(.error500, #","count":2"#)
            #expect(try await erp.send("GET", "/items?limit=1").status == 200)
            #expect(try await erp.send("POST", "/purchase-requisitions", requisition("A-6")).status == 201)
            var statuses: [Int] = []
            for _ in 1...3 { statuses.append(try await erp.send("POST", "/transfers", transfer("A-6")).status) }
            #expect(statuses == [500, 500, 201])
        }
    }

    @Test func `some calls are hit and some are not when the probability says so`() async throws {
        try await RunningSandbox.during { erp async throws in
            try await erp.misbehave(.error500, #","probability":0.5"#)
            var hit = 0
            for number in 1...60 where try await erp.send("POST", "/transfers", transfer("C-\(number)")).status == 500 {
                hit += 1
            }
            #expect((15...45).contains(hit))
            #expect(try await erp.ledger().totals.effects == 60 - hit)
        }
    }

    @Test func `without de-duplication a repeated write is a second effect, and the ledger names it`() async throws {
        try await RunningSandbox.during { erp async throws in
            let key = ["Idempotency-Key": "A-7"]
            for _ in 1...2 { _ = try await erp.send("POST", "/transfers", transfer("A-7"), headers: key) }
            let ledger = try await erp.ledger()
            #expect(ledger.duplicates == ["A-7"])
            #expect(ledger.references["A-7"] == entry(arrivals: 2, effects: 2, ["TR-000002", "TR-000003"]))
        }
    }

    @Test func `with de-duplication a key is honoured once, whoever asks at the same time`() async throws {
        var adversary = Adversary()
        adversary.deduplicate = true
        try await RunningSandbox.during(adversary: adversary) { erp async throws in
            let key = ["Idempotency-Key": "A-8"]
            let numbers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...20 {
                    group.addTask {
                        try await erp.send("POST", "/transfers", transfer("A-8"), headers: key)
                            .decoded(ERPDocument.self).number
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(numbers == ["TR-000002"])
            let ledger = try await erp.ledger()
            #expect(ledger.duplicates.isEmpty)
            #expect(ledger.totals.deduplicated == 19)
            let other = try await erp.send("POST", "/transfers", transfer("A-8", quantity: "48"), headers: key)
            #expect(other.status == 409)
        }
    }

    @Test func `a mode that is not known is refused`() async throws {
        try await RunningSandbox.during { erp async throws in
            #expect(try await erp.send("POST", "/adversary", #"{"mode":"chaos"}"#).status == 422)
            #expect(try await erp.send("POST", "/adversary", #"{"probability":2}"#).status == 422)
        }
    }
}
