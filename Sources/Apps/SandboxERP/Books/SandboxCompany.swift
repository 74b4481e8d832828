import Vocabulary

/// The books, the ledger and the adversary behind one door, so that what is counted is what was done.
actor SandboxCompany {
    private var books: CompanyBooks
    private var ledger = Ledger()
    private var adversary: Adversary
    private var snapshots: [String: CompanyBooks] = [:]
    private var heldBack: [HeldBack] = []
    private var allowance = CallAllowance()
    private let clock: WallClock
    private let randomness: Randomness

    /// A write whose caller has lost the connection and which will be carried out later.
    private struct HeldBack {
        let order: WriteOrder
        let key: String?
        let dueAt: Instant
    }

    init(books: CompanyBooks, adversary: Adversary, clock: WallClock, randomness: Randomness) {
        self.books = books
        self.adversary = adversary
        self.clock = clock
        self.randomness = randomness
    }

    /// Counts a write that came in whole and says what the adversary does to it.
    func writeArrived(on route: BusinessRoute, reference: String?) -> Interference {
        ledger.arrived(reference)
        return interference(on: route)
    }

    func readArrived(on route: BusinessRoute) -> Interference {
        ledger.wasRead()
        return interference(on: route)
    }

    private func interference(on route: BusinessRoute) -> Interference {
        let now = clock.now()
        if allowance.isEarly(at: now) { ledger.cameTooEarly() }
        var mode = adversary.strike(route, randomness: randomness)
        if mode != .ok, adversary.isThrottling {
            if let perSecond = adversary.perSecond, allowance.takes(perSecond, at: now) {
                mode = .ok
            } else {
                ledger.turnedAway()
                if adversary.retryAfter != .none { allowance.refuse(at: now, until: now + adversary.pause) }
            }
        }
        if mode != .ok { ledger.wasInterferedWith() }
        return Interference(mode: mode, pause: adversary.pause, retryAfterHeader: adversary.retryAfterHeader(at: now))
    }

    /// Carries a write out and counts its effect, both or neither.
    func carryOut(_ order: WriteOrder, key: String?) throws(Fault) -> WriteEffect {
        settleHeldBack()
        return try perform(order, key: key, at: clock.now())
    }

    func holdBack(_ order: WriteOrder, key: String?, for duration: Duration) {
        heldBack.append(HeldBack(order: order, key: key, dueAt: clock.now() + duration))
    }

    private func perform(_ order: WriteOrder, key: String?, at now: Instant) throws(Fault) -> WriteEffect {
        do throws(Fault) {
            let key = adversary.deduplicate ? key : nil
            if let key, let earlier = try books.outcome(ofKey: key, for: order) {
                ledger.took(.recognised(earlier), reference: order.reference)
                return .recognised(earlier)
            }
            let effect = try books.apply(order, at: now)
            if let key { books.remember(key: key, order: order, number: effect.document.number) }
            ledger.took(effect, reference: order.reference)
            return effect
        } catch {
            ledger.refused()
            throw error
        }
    }

    /// Nobody can see the books without passing here, so what is due is carried out when somebody next looks.
    private func settleHeldBack() {
        let now = clock.now()
        let due = heldBack.filter { $0.dueAt <= now }.sorted { $0.dueAt < $1.dueAt }
        heldBack.removeAll { $0.dueAt <= now }
        for write in due {
            // A refusal has no caller any more who could be told; the ledger has counted it.
            _ = try? perform(write.order, key: write.key, at: write.dueAt)
        }
    }

    func currentBooks() -> CompanyBooks {
        settleHeldBack()
        return books
    }

    func currentLedger() -> Ledger {
        settleHeldBack()
        return ledger
    }

    func currentAdversary() -> Adversary { adversary }

    func set(_ wanted: Adversary) {
        adversary = wanted
        allowance = CallAllowance()
    }

    /// - Returns: the name under which `restore` finds this state again.
    func takeSnapshot() -> String {
        settleHeldBack()
        let name = "snapshot-\(snapshots.count + 1)"
        snapshots[name] = books
        return name
    }

    /// Puts the books back to an earlier state, as an ERP restored from a backup; the ledger goes on.
    func restore(_ name: String) throws(Fault) {
        settleHeldBack()
        guard let earlier = snapshots[name] else { throw .notFound("Snapshot \(name)") }
        books = earlier
    }
}

/// What the adversary has decided to do to one call.
struct Interference: Sendable {
    let mode: Adversary.Mode
    let pause: Duration
    let retryAfterHeader: String?
}
