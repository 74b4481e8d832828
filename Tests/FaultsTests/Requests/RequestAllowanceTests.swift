import Foundation
import Gateway
import Server
import TestBackends
import Testing
import Vocabulary

@Suite struct `How much one key may ask for` {
    private func configured(_ http: String) async throws -> ServerConfiguration {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "plimsoll.yaml")
            try Data("http: {\(http)}\n".utf8).write(to: file)
            return try ServerConfiguration.read(path: file.path, environment: [:])
        }
    }

    @Test func `is what the configuration says, and is never nothing`() async throws {
        let configuration = try await configured("requestsPerSecond: 7, burst: 9")
        #expect(configuration.http.perSecond == 7 && configuration.http.burst == 9)
        let standard = try await configured("connections: 10").http
        #expect(standard.perSecond == 100 && standard.burst == 200)
        for key in ["requestsPerSecond", "burst"] {
            let fault = await #expect(throws: Fault.self) { try await configured("\(key): 0") }
            #expect(fault.map { "\($0)".contains("http.\(key)") } == true, "\(String(describing: fault))")
        }
    }
}
