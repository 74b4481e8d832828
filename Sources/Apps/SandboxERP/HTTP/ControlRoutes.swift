import Hummingbird
import Vocabulary

/// What a test or a storyteller turns: the adversary, the ledger, backups. None of it counts as business.
struct ControlRoutes: Sendable {
    let company: SandboxCompany
    let clock: WallClock
    let sample: (today: BusinessDate, seed: UInt64)

    func add(to router: Router<SandboxContext>) {
        router.get("status") { _, _ in
            let deduplicate = await company.currentAdversary().deduplicate
            return jsonResponse(
                .ok,
                CompanySummary(
                    company: "Meridian Supply", version: "1", now: clock.now(), today: sample.today, seed: sample.seed,
                    deduplicate: deduplicate))
        }
        router.get("adversary") { _, _ in jsonResponse(.ok, await company.currentAdversary()) }
        router.post("adversary") { request, _ in
            let wanted = try await request.decoded(Adversary.self)
            await company.set(wanted)
            return jsonResponse(.ok, wanted)
        }
        router.get("ledger") { _, _ in
            let ledger = await company.currentLedger()
            let answer = LedgerAnswer(
                totals: ledger.totals, duplicates: ledger.duplicates, references: ledger.references)
            return jsonResponse(.ok, answer)
        }
        router.post("snapshot") { _, _ in
            jsonResponse(.created, SnapshotName(snapshot: await company.takeSnapshot()))
        }
        router.post("restore") { request, _ in
            let name = try await request.decoded(SnapshotName.self)
            try await company.restore(name.snapshot)
            return jsonResponse(.ok, name)
        }
    }
}
