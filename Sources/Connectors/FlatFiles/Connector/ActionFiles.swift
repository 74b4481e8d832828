import CanonicalModel
import ConnectorKit
import Foundation
import Glibc
import Vocabulary

/// Actions as files named after our reference: written whole or not at all, and never twice.
struct ActionFiles: Sendable {
    let directory: String
    /// What was carried out is moved here by whoever did it.
    private var takenDirectory: String { "\(directory)/taken" }
    /// Must be there; the directories of actions beneath it are made when they are needed.
    private let parent: String

    init(_ directory: String, within parent: String) {
        self.directory = directory
        self.parent = parent
    }

    /// What keeps actions from being written; nil when nothing does.
    var complaint: String? {
        let existing = exists(directory) ? directory : parent
        return access(existing, W_OK) == 0 ? nil : "\(existing) cannot be written to"
    }

    func write(_ action: Action, reference: Reference, names: Crosswalk) -> Outcome {
        let bytes = ActionRows.bytes(of: action, reference: reference, names: names)
        do throws(Fault) {
            switch try finding(bytes, reference) {
            case .found(let document): return .done(document)
            case .different(let document, let difference):
                return .notDone(.refused("\(document.number) is there with other content: \(difference)."))
            case .absent: break
            }
            try makeDirectory()
            let draft = "\(directory)/.\(reference).draft"
            try save(bytes, as: draft)
            // A link, unlike a rename, refuses to replace what somebody wrote in between.
            let isLinked = link(draft, path(reference)) == 0
            let reason = errno
            unlink(draft)
            guard isLinked else { throw unwritable(path(reference), reason) }
        } catch {
            return .notDone(error)
        }
        return confirmed(bytes, reference)
    }

    /// From the moment that the file is there, nothing is "not done" any more.
    private func confirmed(_ bytes: [UInt8], _ reference: Reference) -> Outcome {
        guard sync(directory) else { return .unknown("\(path(reference)) was written, perhaps not onto the disk.") }
        do throws(Fault) {
            guard case .found(let document) = try finding(bytes, reference) else {
                return .unknown("\(path(reference)) was written and is not there as it was.")
            }
            return .done(document)
        } catch {
            return .unknown("\(path(reference)) was written and cannot be read back: \(error.message)")
        }
    }

    func find(_ action: Action, reference: Reference, names: Crosswalk) throws(Fault) -> Finding {
        try finding(ActionRows.bytes(of: action, reference: reference, names: names), reference)
    }

    private func finding(_ bytes: [UInt8], _ reference: Reference) throws(Fault) -> Finding {
        guard exists(parent) else { throw .unreachable("\(parent) is not there.") }
        guard isFileName(reference.rawValue) else {
            throw .invalid("reference", found: reference.rawValue, expected: "letters, digits and hyphens")
        }
        for place in [path(reference), "\(takenDirectory)/\(reference).csv"] where exists(place) {
            guard let content = FileManager.default.contents(atPath: place) else {
                throw .unreachable("\(place) cannot be read.")
            }
            let document = ExternalDocument(kind: "file", number: "\(reference).csv", externalID: "\(reference).csv")
            if Array(content) == bytes { return .found(document) }
            return .different(document, difference: "\(content.count) bytes instead of \(bytes.count), or other ones")
        }
        return .absent
    }

    private func path(_ reference: Reference) -> String { "\(directory)/\(reference).csv" }

    private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private func isFileName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100 && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }

    private func makeDirectory() throws(Fault) {
        do {
            try FileManager.default.createDirectory(atPath: takenDirectory, withIntermediateDirectories: true)
        } catch {
            throw .unreachable("\(takenDirectory) cannot be made: \(error).")
        }
    }

    /// Writes the draft and sees it onto the disk.
    private func save(_ bytes: [UInt8], as path: String) throws(Fault) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw unwritable(path, errno) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw unwritable(path, errno) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw unwritable(path, errno) }
    }

    /// Sees the directory's new entry onto the disk.
    private func sync(_ directory: String) -> Bool {
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    private func unwritable(_ path: String, _ reason: CInt) -> Fault {
        .unreachable("\(path) cannot be written: \(String(cString: strerror(reason))).")
    }
}
