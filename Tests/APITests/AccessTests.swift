import CanonicalModel
import Cycles
import Foundation
import Gateway
import Governance
import HTTPTypes
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `Every route asks who calls and what they may` {
    @Test func `a role reaches exactly the routes that the table gives it`() async throws {
        try await RunningServer.during { server in
            for role in Role.ofKeys {
                let key = try await server.key([role], person: role.rawValue)
                for rule in AccessTable.rules {
                    guard let roles = rule.roles else { continue }
                    let answer = try await server.send(rule.method.rawValue, rule.anyPath, rule.nonsense, key: key)
                    let isRefused = answer.status == 403 && answer.problem?.code == "gateway.forbidden"
                    #expect(
                        isRefused == !roles.contains(role), "\(role) \(rule.method) \(rule.path): \(answer.status) \(answer.text)"
                    )
                    #expect(answer.status != 500 && answer.status != 405, "\(rule.method) \(rule.path): \(answer.text)")
                    #expect(answer.problem?.code != "gateway.unknownRoute", "\(rule.method) \(rule.path) is in the table only")
                }
            }
        }
    }

    @Test func `every route but the probes refuses a caller without a key`() async throws {
        try await RunningServer.during(limits: { $0.perSecond = 1000 }) { server in
            for rule in AccessTable.rules {
                let answer = try await server.send(rule.method.rawValue, rule.anyPath, rule.nonsense, key: nil)
                if rule.roles == nil {
                    #expect(answer.status == 200)
                } else {
                    // After twenty of them the address has to wait.
                    #expect([401, 429].contains(answer.status), "\(rule.path): \(answer.text)")
                }
            }
        }
    }

    @Test func `a key that is wrong, revoked or expired opens nothing`() async throws {
        try await RunningServer.during { server in
            let wrong = String(server.administrator.dropLast()) + (server.administrator.hasSuffix("0") ? "1" : "0")
            #expect(try await server.get("/system/v1/systems", as: wrong).status == 401)
            let revoked = try await server.post(
                "/process/v1/api-keys",
                #"{"name":"robot","person":"robot","roles":["viewer"],"expiresAt":"2026-03-03T00:00:00Z"}"#)
            #expect(revoked.status == 201)
            #expect(revoked.headers["cache-control"] == "no-store")
            let made = try revoked.decoded(MadeKey.self)
            #expect(try await server.get("/system/v1/systems", as: made.key).status == 200)
            #expect(
                try await server.send("DELETE", "/process/v1/api-keys/\(made.apiKey.id)", key: server.administrator).status == 204
            )
            #expect(try await server.get("/system/v1/systems", as: made.key).status == 401)
            let temporary = try await server.post(
                "/process/v1/api-keys",
                #"{"name":"guest","person":"guest","roles":["viewer"],"expiresAt":"2026-03-02T09:00:00Z"}"#)
            let guest = try temporary.decoded(MadeKey.self).key
            #expect(try await server.get("/system/v1/systems", as: guest).status == 200)
            server.clock.advance(by: .hours(2))
            #expect(try await server.get("/system/v1/systems", as: guest).status == 401)
        }
    }

    @Test func `the last administrator's key cannot be revoked`() async throws {
        try await RunningServer.during { server in
            let id = try #require(try await server.gateway.identities.list().first?.id)
            let answer = try await server.send("DELETE", "/process/v1/api-keys/\(id)", key: server.administrator)
            #expect(answer.status == 409)
            #expect(try await server.get("/system/v1/systems").status == 200)
        }
    }

    @Test func `who guesses keys has to wait, and nobody else has`() async throws {
        try await RunningServer.during { server in
            var statuses: [Int] = []
            for _ in 0..<25 { statuses.append(try await server.get("/system/v1/systems", as: "plm_wrong").status) }
            #expect(statuses.prefix(20).allSatisfy { $0 == 401 })
            #expect(statuses.suffix(5).allSatisfy { $0 == 429 })
            server.clock.advance(by: .seconds(60))
            #expect(try await server.get("/system/v1/systems").status == 200)
        }
    }
}

struct MadeKey: Decodable {
    struct Entry: Decodable { let id: String }

    let key: String
    let apiKey: Entry
}

extension RouteRule {
    /// The route with something in its placeholders that is not there.
    var anyPath: String {
        path.split(separator: "/").map { $0.hasPrefix("{") ? "nothing" : String($0) }.reduce("") { "\($0)/\($1)" }
    }

    /// A body that no route takes, so that the matrix changes nothing.
    var nonsense: String? { method == .get ? nil : "[[" }
}

@Suite struct `The HTTP page says what the program does` {
    @Test func `every route with the roles that may use it`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/reference/http.md")
        let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `") }
        var documented: [String: String] = [:]
        for row in rows {
            let cells = row.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
            let route = cells[0].filter { $0 != "`" }.trimmingCharacters(in: .whitespaces)
            documented[route] = cells.count > 2 ? cells[2].trimmingCharacters(in: .whitespaces) : "nobody in particular"
            let rule = AccessTable.rules.first { "\($0.method) \($0.path)" == route }
            #expect(rule?.needsEverywhere == row.contains("*all*"), "\(route)")
            #expect(rule?.isRepeatGuarded == row.contains("*once*"), "\(route)")
        }
        for rule in AccessTable.rules {
            let listed = documented.removeValue(forKey: "\(rule.method) \(rule.path)")
            let roles = try #require(listed, "\(rule.method) \(rule.path) is not on the page")
            guard let allowed = rule.roles else { continue }
            let named =
                roles == "everybody" ? Set(Role.ofKeys) : Set(roles.split(separator: ", ").map { Role(rawValue: String($0)) })
            #expect(named == Set(allowed), "\(rule.method) \(rule.path)")
        }
        #expect(documented.isEmpty, "\(documented.keys.sorted())")
    }
}
