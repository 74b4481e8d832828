import ConnectorKit
import Vocabulary

/// The sandbox ERP's HTTP interface, without a word of the canonical model.
struct SandboxClient: Sendable {
    let address: String
    let key: String
    let timeout: Duration
    let http: any HTTPExchange
    let clock: WallClock

    /// Reads an answer to a question that may be asked again.
    ///
    /// - Throws: `connector.…`; an answer that cannot be understood is `connector.unreachable`, since the next may be better.
    func get<Answer: Decodable>(_ path: String, query: [(name: String, value: String)] = []) async throws(Fault) -> Answer {
        let parameters = query.map { "\($0.name)=\(percentEncoded($0.value))" }.joined(separator: "&")
        let request = request("GET", path + (parameters.isEmpty ? "" : "?\(parameters)"))
        let response = try await http.ask(request, clock: clock)
        do throws(Fault) {
            return try JSON.decode(Answer.self, from: response.body)
        } catch {
            throw .unreachable("GET \(path) was answered with something else than the data: \(error.message)")
        }
    }

    func request(
        _ method: String, _ path: String, body: [UInt8] = [], headers: [(name: String, value: String)] = []
    ) -> WireRequest {
        var all: [(name: String, value: String)] = [("Authorization", "Bearer \(key)"), ("Accept", "application/json")]
        if !body.isEmpty { all.append(("Content-Type", "application/json")) }
        return WireRequest(method, address + path, headers: all + headers, body: body, timeout: timeout)
    }
}

/// Everything but the unreserved characters of RFC 3986 as `%` and two digits.
func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        let scalar = Unicode.Scalar(byte)
        let isUnreserved =
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            || "-._~".unicodeScalars.contains(scalar)
        encoded += isUnreserved ? String(Character(scalar)) : "%" + hexadecimal([byte]).uppercased()
    }
    return encoded
}
