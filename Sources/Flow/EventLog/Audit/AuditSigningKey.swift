import Crypto
import Foundation
import Vocabulary

/// The Ed25519 key with which checkpoints are signed; it lives in a file of its own, outside the database.
package struct AuditSigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    package init() {
        key = Curve25519.Signing.PrivateKey()
    }

    private init(_ key: Curve25519.Signing.PrivateKey) {
        self.key = key
    }

    package var publicKey: AuditPublicKey { AuditPublicKey(key.publicKey) }

    func signature(of bytes: [UInt8]) throws(Fault) -> String {
        do {
            return try key.signature(for: bytes).base64EncodedString()
        } catch {
            throw .defect("A checkpoint cannot be signed: \(error)")
        }
    }

    /// Reads the key, or makes one when there is no file: readable by its owner alone, with the public half beside
    /// it under `.pub`.
    ///
    /// - Throws: `audit.keyUnreadable` naming the path.
    package static func atPath(_ path: String) throws(Fault) -> AuditSigningKey {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        if descriptor < 0 {
            guard errno == EEXIST else { throw .auditKeyUnreadable(path, String(cString: strerror(errno))) }
            return try reading(path)
        }
        let made = AuditSigningKey()
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data((made.key.rawRepresentation.base64EncodedString() + "\n").utf8))
            try file.synchronize()
            try Data((made.publicKey.text + "\n").utf8).write(to: URL(filePath: path + ".pub"))
        } catch {
            throw .auditKeyUnreadable(path, "\(error)")
        }
        return made
    }

    private static func reading(_ path: String) throws(Fault) -> AuditSigningKey {
        do {
            let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
            guard let bytes = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
                throw Fault.auditKeyUnreadable(path, "it is not base64")
            }
            return AuditSigningKey(try Curve25519.Signing.PrivateKey(rawRepresentation: bytes))
        } catch let fault as Fault {
            throw fault
        } catch {
            throw .auditKeyUnreadable(path, "\(error)")
        }
    }
}

/// By which anybody can tell that a checkpoint was signed with the key.
package struct AuditPublicKey: Hashable, Sendable {
    /// 32 bytes in base64.
    package let text: String
    private let bytes: Data

    init(_ key: Curve25519.Signing.PublicKey) {
        bytes = key.rawRepresentation
        text = bytes.base64EncodedString()
    }

    /// - Throws: `input.invalid` when it is not 32 bytes in base64.
    package init(parsing text: String) throws(Fault) {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let bytes = Data(base64Encoded: trimmed),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        else { throw .invalid("publicKey", found: text, expected: "the 32 bytes of an Ed25519 public key in base64") }
        self.init(key)
    }

    /// The first 16 digits of the key's SHA-256, by which checkpoints name it.
    package var id: String { String(Digest(of: bytes).rawValue.prefix(16)) }

    func accepts(_ signature: String, of signed: [UInt8]) -> Bool {
        guard let signature = Data(base64Encoded: signature),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        else { return false }
        return key.isValidSignature(signature, for: signed)
    }
}

extension Fault.Code {
    /// The file with the key that signs checkpoints can be neither read nor made.
    package static let auditKeyUnreadable = Self("audit.keyUnreadable")
}

extension Fault {
    static func auditKeyUnreadable(_ path: String, _ reason: String) -> Fault {
        Fault(.auditKeyUnreadable, .review(by: "operations"), "The audit signing key \(path) cannot be used: \(reason).")
    }
}
