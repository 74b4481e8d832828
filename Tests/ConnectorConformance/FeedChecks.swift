import CanonicalModel
import ConnectorKit
import Vocabulary

extension ConnectorConformance {
    /// Reads a declared feed to its end twice; an undeclared one must say that it is not supported.
    func feedBreaches(_ connector: Subject, _ feed: Feed) async -> [Breach] {
        guard Subject.manifest.feeds[feed] != nil else { return await undeclaredBreaches(connector, feed) }
        do throws(Fault) {
            let first = try await round(connector, feed)
            let second = try await round(connector, feed)
            var found = first.breaches
            if first.entities != second.entities {
                found.append(
                    Breach("reading \(feed.rawValue) twice gives the same", "\(first.entities.count), \(second.entities.count)"))
            }
            for observation in first.observations where !observation.entity.violations.isEmpty {
                found.append(
                    Breach(
                        "what is not valid is refused, not observed",
                        "\(observation.externalID): \(observation.entity.violations)"))
            }
            for observation in first.observations where observation.entity.feed != feed {
                found.append(Breach("\(feed.rawValue) holds its own kind only", "\(observation.entity.feed.rawValue)"))
            }
            return found + (try await continuationBreaches(connector, feed, after: first))
        } catch {
            return [Breach("\(feed.rawValue) can be read to the end", "\(error)")]
        }
    }

    private struct Round {
        var observations: [Observation] = []
        var refusals: [Refusal] = []
        var last: Cursor?
        var breaches: [Breach] = []

        var entities: Set<CanonicalRecord> { Set(observations.map(\.entity)) }
    }

    private func round(_ connector: Subject, _ feed: Feed, after start: Cursor? = nil) async throws(Fault) -> Round {
        var round = Round(last: start)
        var cursors: Set<Cursor> = []
        for _ in 0..<100_000 {
            let page = try await connector.read(feed, after: round.last, names: world.names)
            round.observations += page.observations
            round.refusals += page.refusals
            guard page.hasMore else {
                round.last = page.next ?? round.last
                for refusal in round.refusals where refusal.row.isEmpty || refusal.violations.isEmpty {
                    round.breaches.append(Breach("a refusal names its row and the reason", "\(refusal)"))
                }
                return round
            }
            guard let next = page.next, cursors.insert(next).inserted else {
                round.breaches.append(
                    Breach("the cursor moves while there is more", "\(feed.rawValue): \(String(describing: page.next))"))
                return round
            }
            round.last = next
        }
        round.breaches.append(Breach("a feed comes to an end", "\(feed.rawValue) had 100,000 pages"))
        return round
    }

    /// From the end of a round on there is nothing that the round did not hold.
    private func continuationBreaches(_ connector: Subject, _ feed: Feed, after first: Round) async throws(Fault) -> [Breach] {
        guard let last = first.last else { return [] }
        if let again = try? Cursor(parsing: last.text), again != last {
            return [Breach("a cursor survives being written down", last.text)]
        }
        let rest = try await round(connector, feed, after: last)
        let fresh = rest.entities.subtracting(first.entities)
        return rest.breaches + fresh.prefix(1).map { Breach("after the end of \(feed.rawValue) comes nothing new", "\($0)") }
    }

    private func undeclaredBreaches(_ connector: Subject, _ feed: Feed) async -> [Breach] {
        do throws(Fault) {
            let page = try await connector.read(feed, after: nil, names: world.names)
            return [Breach("an undeclared feed is refused", "\(feed.rawValue) gave \(page.observations.count)")]
        } catch {
            return error.code == .unsupported ? [] : [Breach("an undeclared feed is connector.unsupported", "\(error.code)")]
        }
    }
}
