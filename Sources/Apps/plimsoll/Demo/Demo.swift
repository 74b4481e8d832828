import ArgumentParser
import Foundation
import Server
import Vocabulary

/// The main job, told step by step.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell the main job in the terminal: from an ERP's stock to an approved action, proven afterwards.")

    @Option(help: "Use the real Tryton that this file describes, as scripts/tryton writes it.")
    var tryton: String?

    @Flag(help: "Keep the folder with the database afterwards.")
    var keep = false

    func run() async throws {
        try await reporting {
            let folder = FileManager.default.temporaryDirectory.appending(
                path: "plimsoll-demo-\(ProcessInfo.processInfo.processIdentifier)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let erp: any DemoERP = if let tryton { try TrytonBooks(facts: tryton) } else { try await SandboxBooks.start() }
            do {
                try await tell(erp, in: folder)
            } catch {
                await erp.close()
                throw error
            }
            await erp.close()
            if keep { print("\nEverything is kept in \(folder.path).") } else { try? FileManager.default.removeItem(at: folder) }
        }
    }

    private func tell(_ erp: any DemoERP, in folder: URL) async throws {
        var stage = Stage()
        stage.begin("An ERP, and Plimsoll beside it")
        stage.tell(erp.introduction)
        let world = try await DemoWorld.start(erp, in: folder)
        do {
            stage.tell(
                "Plimsoll at \(world.planner.server), on an embedded database in \(folder.path).\nIt listens on "
                    + "loopback only, and made one administrator key; maria and ned, who plan and buy, got theirs."
            )
            var story = DemoStory(world: world, stage: stage)
            try await story.tell()
            await world.stop()
            try await story.verifyAudit()
        } catch {
            await world.stop()
            throw error
        }
    }
}
