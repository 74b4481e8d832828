import ArgumentParser
import AsyncHTTPClient
import ConnectorKit
import Foundation
import NIOCore
import NIOHTTP1
import Vocabulary

/// A server as a command speaks to it.
struct APIClient: Sendable {
    let server: String
    let key: String?
    private let exchange: HTTPClientExchange

    init(server: String, key: String?) {
        self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
        self.key = key
        exchange = HTTPClientExchange()
    }

    func close() async {
        await exchange.shutdown()
    }

    /// - Throws: `CommandFailure` with what the server said, or that none answers.
    func send(
        _ method: String, _ path: String, body: JSONValue? = nil, timeout: Duration = .seconds(600)
    ) async throws -> JSONValue {
        let bytes = try body.map { try JSON.bytes(of: $0) } ?? []
        let answer = try await send(method, path, contentType: body == nil ? nil : "application/json", bytes, timeout: timeout)
        return answer.isEmpty ? .null : try JSON.decode(from: answer)
    }

    func get(_ path: String) async throws -> JSONValue { try await send("GET", path) }
    func post(_ path: String, _ body: JSONValue = .object([:])) async throws -> JSONValue {
        try await send("POST", path, body: body)
    }

    func send(_ method: String, _ path: String, contentType: String?, _ body: [UInt8], timeout: Duration = .seconds(600))
        async throws -> [UInt8]
    {
        var headers = [(name: "Accept", value: "application/json")]
        if let key { headers.append((name: "Authorization", value: "Bearer \(key)")) }
        if let contentType { headers.append((name: "Content-Type", value: contentType)) }
        let response: WireResponse
        do {
            response = try await exchange.send(WireRequest(method, server + path, headers: headers, body: body, timeout: timeout))
        } catch {
            throw CommandFailure(message: "No answer from \(server): \(error)", code: .unreachable)
        }
        guard (200..<300).contains(response.status) else {
            throw CommandFailure(message: problem(response.status, response.body), code: .refused)
        }
        return response.body
    }

    /// Sends a file as it is read from the disk.
    func upload(_ file: FilePieces, to path: String, contentType: String, timeout: TimeAmount = .hours(4)) async throws
        -> JSONValue
    {
        var request = HTTPClientRequest(url: server + path)
        request.method = .POST
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Content-Type", value: contentType)
        if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        request.body = .stream(file, length: .known(Int64(file.size)))
        let (status, body): (Int, [UInt8])
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: timeout)
            (status, body) = (Int(response.status.code), Array(try await response.body.collect(upTo: 64 << 20).readableBytesView))
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(message: "No answer from \(server): \(error)", code: .unreachable)
        }
        guard (200..<300).contains(status) else { throw CommandFailure(message: problem(status, body), code: .refused) }
        return try JSON.decode(from: body)
    }

    /// A problem document as a person reads it.
    private func problem(_ status: Int, _ body: [UInt8]) -> String {
        guard let problem = try? JSON.decode(JSONValue.self, from: body) else {
            return "The server answered \(status): \(String(decoding: body.prefix(500), as: UTF8.self))"
        }
        let lines = problem["violations"].list.map { violation in
            let row = violation["row"].int.map { "row \($0), " } ?? ""
            return
                "  \(row)\(violation["field"].shown): found \(violation["found"].shown), expected \(violation["expected"].shown)"
        }
        let text = problem["detail"].string ?? problem["title"].string ?? "no reason given"
        return (["\(text) (\(status))"] + lines).joined(separator: "\n")
    }
}

/// Why a command ends without having done what was asked.
struct CommandFailure: Error, CustomStringConvertible {
    enum Code: Int32 {
        case refused = 1
        case unreachable = 2
        case wrong = 3
    }

    let message: String
    let code: Code

    var description: String { message }
}

/// Prints the failure and ends with its code; every command's work goes through here.
func reporting(_ work: () async throws -> Void) async throws {
    do {
        try await work()
    } catch let failure as CommandFailure {
        FileHandle.standardError.write(Data("plimsoll: \(failure.message)\n".utf8))
        throw ExitCode(failure.code.rawValue)
    } catch let fault as Fault {
        FileHandle.standardError.write(Data("plimsoll: \(fault)\n".utf8))
        throw ExitCode(CommandFailure.Code.refused.rawValue)
    }
}
