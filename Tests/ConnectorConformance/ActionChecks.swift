import CanonicalModel
import ConnectorKit
import Governance
import Vocabulary

extension ConnectorConformance {
    func actionBreaches(_ connector: Subject) async throws(Fault) -> [Breach] {
        var found: [Breach] = []
        for (index, action) in world.actions.enumerated() {
            guard let capability = connector.capabilities[action.kind] else { continue }
            let reference = self.reference("CONFORM", index)
            let stranger = self.reference("STRANGER", index)
            found += await expectAbsent(connector, action, stranger, "before anything was done")
            found += try await repetitionBreaches(connector, action, reference, capability)
            if capability.repeatability != .absoluteSet {
                found += await expectAbsent(connector, action, stranger, "under another reference than the one that was done")
            }
        }
        return found
    }

    /// Does it, finds it, does it again where that is allowed, and finds one effect.
    private func repetitionBreaches(
        _ connector: Subject, _ action: Action, _ reference: Reference, _ capability: Capability
    ) async throws(Fault) -> [Breach] {
        let kind = action.kind.rawValue
        let outcome = await connector.carryOut(try approved(action), reference: reference, names: world.names)
        guard case .done(let document) = outcome else { return [Breach("\(kind) is done", "\(outcome)")] }
        var found = await expectFound(connector, action, reference, document)
        let repeatable: Set<Capability.Repeatability> = [.nativeIdempotency, .absoluteSet]
        guard repeatable.contains(capability.repeatability) else {
            return found + (await effectBreaches(action, reference))
        }
        let again = await connector.carryOut(try approved(action), reference: reference, names: world.names)
        if again != .done(document) { found.append(Breach("\(kind) again gives the same document", "\(again), not \(document)")) }
        found += await expectFound(connector, action, reference, document)
        return found + (await effectBreaches(action, reference))
    }

    private func effectBreaches(_ action: Action, _ reference: Reference) async -> [Breach] {
        guard let countEffects = world.countEffects else { return [] }
        do {
            let count = try await countEffects(action, reference)
            return count == 1 ? [] : [Breach("\(action.kind.rawValue) has one effect", "\(count)")]
        } catch {
            return [Breach("the effects can be counted", "\(error)")]
        }
    }

    private func expectFound(
        _ connector: Subject, _ action: Action, _ reference: Reference, _ document: ExternalDocument
    ) async -> [Breach] {
        do throws(Fault) {
            let finding = try await connector.find(action, reference: reference, names: world.names)
            return finding == .found(document)
                ? [] : [Breach("find sees the document that was made", "\(finding), not \(document)")]
        } catch {
            return [Breach("find can be asked", "\(error)")]
        }
    }

    private func expectAbsent(_ connector: Subject, _ action: Action, _ reference: Reference, _ moment: String) async -> [Breach]
    {
        do throws(Fault) {
            let finding = try await connector.find(action, reference: reference, names: world.names)
            return finding == .absent ? [] : [Breach("find sees nothing \(moment)", "\(action.kind.rawValue): \(finding)")]
        } catch {
            return [Breach("find can be asked \(moment)", "\(error)")]
        }
    }

    /// With nobody at the address nothing can have happened, and the connector must know it.
    func unreachableBreaches() async throws(Fault) -> [Breach] {
        let connector = try make(world.unreachable)
        var found: [Breach] = []
        for (index, action) in world.actions.enumerated() where Subject.manifest.capabilities[action.kind] != nil {
            let reference = self.reference("NOWHERE", index)
            let outcome = await connector.carryOut(try approved(action), reference: reference, names: world.names)
            guard case .notDone(let fault) = outcome, case .retry = fault.disposition else {
                found.append(Breach("an unreachable system is notDone with a retry", "\(action.kind.rawValue): \(outcome)"))
                continue
            }
        }
        do throws(Fault) {
            let information = try await connector.check()
            found.append(Breach("check() fails when nobody is there", information.name))
        } catch {
            guard case .retry = error.disposition else {
                return found + [Breach("check() of an unreachable system may be tried again", "\(error)")]
            }
        }
        return found
    }

    /// `PLM-` and 20 letters and digits, as the flow makes them.
    private func reference(_ word: String, _ index: Int) -> Reference {
        let run = Digest(of: "\(world.surroundings.clock.now()) \(word) \(index)").rawValue.uppercased()
        return Reference("PLM-" + run.prefix(20))
    }

    private func approved(_ action: Action) throws(Fault) -> Approved<Action> {
        let now = world.surroundings.clock.now()
        let decision = Decision(
            id: "conformance", recommendation: "conformance", action: action, verdict: .autoApprove, rule: "conformance",
            reason: "Every connector is tried before it is trusted.", policyVersion: "1", deciderVersion: 1,
            factsDigest: Digest(of: ""), findings: [], alternatives: [], value: nil, isProvisional: false, proposedBy: nil,
            decidedAt: now, lapsesAt: now + .hours(1))
        return try Approved(action, by: decision, approvals: [], limits: .none, now: now)
    }
}
