import ConnectorKit
import Foundation
import Vocabulary

/// One session with one Tryton database.
///
/// It logs in when it must and again when the session has ended, and says of every failure whether
/// anything can have happened. It never repeats a call that may have been carried out.
actor TrytonClient {
    nonisolated let settings: TrytonSettings
    private nonisolated let http: any HTTPExchange
    private nonisolated let clock: WallClock
    private var session: Session?
    /// A wrong password is not tried again at once: Tryton counts, and locks the login.
    private var refusedLogin: (at: Instant, fault: Fault)?
    private var serverClockAhead = Duration.zero

    init(_ settings: TrytonSettings, in surroundings: Surroundings) {
        self.settings = settings
        http = surroundings.http
        clock = surroundings.clock
    }

    /// What every call needs to know of the user.
    struct Session: Sendable {
        let authorization: String
        let company: Int64
        let employee: Int64?
        let context: [String: RPCValue]
    }

    /// The time by the ERP's clock, as of its last answer's `Date`; our own before the first answer.
    var serverNow: Instant { clock.now() + serverClockAhead }

    /// How far the ERP's clock is ahead of ours.
    var clockDifference: Duration { serverClockAhead }

    nonisolated func now() -> Instant { clock.now() }

    nonisolated func pause(_ duration: Duration) async throws { try await clock.pause(duration) }

    /// Calls `method` as the user; the context is added.
    func call(
        _ method: String, _ arguments: [RPCValue], context extra: [String: RPCValue] = [:]
    ) async throws(CallFailure) -> RPCValue {
        var warnings = 0
        while true {
            let error = try await answer(method, arguments, extra)
            switch error {
            case .success(let result): return result
            case .failure(let error):
                guard warnings < 5, let warning = harmlessWarning(error) else {
                    throw .nothingHappened(Fault(trytonError: error, method: method))
                }
                warnings += 1
                _ = try await answer("model.res.user.warning.skip", [.text(warning), false], [:])
            }
        }
    }

    /// Opens the session if there is none.
    func open() async throws(CallFailure) -> Session {
        if let session { return session }
        let opened = try await logIn()
        session = opened
        return opened
    }

    /// The server's series; needs no session.
    func version() async throws(CallFailure) -> String {
        let response = try await post("/rpc/", "common.server.version", [], authorization: nil)
        guard response.isOK, case .success(let version) = try response.envelope(), let text = version.string else {
            throw .nothingHappened(.protocolBroken("Tryton does not tell its version: HTTP \(response.status)."))
        }
        return text
    }

    private func harmlessWarning(_ error: RPCValue) -> String? {
        guard let parts = error.elements, parts.first == "UserWarning", parts.count > 1,
            let name = parts[1].elements?.first?.string, settings.harmlessWarnings.contains(where: name.hasPrefix)
        else { return nil }
        return name
    }

    private func answer(
        _ method: String, _ arguments: [RPCValue], _ extra: [String: RPCValue]
    ) async throws(CallFailure) -> TrytonAnswer.Envelope {
        for attempt in 1...2 {
            let session = try await open()
            let context = RPCValue.object(session.context.merging(extra) { _, extra in extra })
            let response = try await post(
                "/\(settings.database)/rpc/", method, arguments + [context], authorization: session.authorization)
            if response.status == 401 || (response.status == 403 && attempt == 1) {
                // The session has ended, and nothing was done under it.
                if self.session?.authorization == session.authorization { self.session = nil }
                if attempt == 1 { continue }
            }
            return try response.envelope()
        }
        throw .nothingHappened(.unauthorized("Tryton ends every session at once."))
    }

    private func logIn() async throws(CallFailure) -> Session {
        if let refusedLogin, clock.now() < refusedLogin.at + .seconds(60) { throw .nothingHappened(refusedLogin.fault) }
        let path = "/\(settings.database)/rpc/"
        let login: [RPCValue] = [.text(settings.user), ["password": .text(settings.password)], .text(settings.language)]
        let response = try await post(path, "common.db.login", login, authorization: nil)
        let result: RPCValue
        do throws(CallFailure) {
            result = try response.result("common.db.login")
        } catch {
            if case .nothingHappened(let fault) = error, fault.code == .unauthorized { refusedLogin = (clock.now(), fault) }
            throw error
        }
        guard let parts = result.elements, parts.count >= 2, let user = parts[0].integer, let token = parts[1].string else {
            throw .nothingHappened(
                .protocolBroken("Tryton's answer to the login is not understood: an id and a token are expected."))
        }
        refusedLogin = nil
        let authorization = "Session " + Data("\(settings.user):\(user):\(token)".utf8).base64EncodedString()
        let preferences = try await post(
            path, "model.res.user.get_preferences", [true, [:]], authorization: authorization
        ).result("model.res.user.get_preferences")
        guard let company = settings.company ?? preferences.members?["company"]?.integer else {
            throw .nothingHappened(
                .unauthorized("The user \(settings.user) has no company in Tryton: give it one, or set the setting company."))
        }
        let employee = preferences.members?["employee"]?.integer
        var context: [String: RPCValue] = ["company": .id(company), "language": .text(settings.language)]
        if let employee { context["employee"] = .id(employee) }
        return Session(authorization: authorization, company: company, employee: employee, context: context)
    }

    private func post(
        _ path: String, _ method: String, _ params: [RPCValue], authorization: String?
    ) async throws(CallFailure) -> TrytonAnswer {
        // Exactly these three members: with any other, Tryton answers in another protocol.
        let body = RPCValue.object(["id": 1, "method": .text(method), "params": .list(params)]).json
        var request = WireRequest("POST", settings.url + path, body: Array(body.utf8), timeout: settings.timeout)
        // Large answers say that they are compressed even when they are not, unless this asks for it.
        request.headers = [("Content-Type", "application/json"), ("Accept", "application/json"), ("Accept-Encoding", "gzip")]
        if let authorization { request.headers.append(("Authorization", authorization)) }
        do {
            let response = try await http.send(request)
            let now = clock.now()
            if let date = response.header("Date").flatMap(Instant.init(httpDate:)) { serverClockAhead = date - now }
            return TrytonAnswer(response: response, method: method, now: now)
        } catch {
            switch error {
            case .heldBack(let reason, let wait): throw .nothingHappened(.rateLimited(reason, after: wait))
            case .notSent(let reason): throw .nothingHappened(.unreachable("Tryton cannot be reached: \(reason)."))
            case .noAnswer(let reason): throw .unclear("\(method) was sent and no answer came: \(reason).")
            }
        }
    }
}
