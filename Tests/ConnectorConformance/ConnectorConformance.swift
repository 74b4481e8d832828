import CanonicalModel
import ConnectorKit
import Governance
import Vocabulary

/// The checks that every connector must pass, run against a real system.
///
/// A connector's test makes the world and expects `breaches()` to be empty; a new connector gets all of this
/// for one call.
package struct ConnectorConformance<Subject: Connector>: Sendable {
    let world: ConformanceWorld

    package init(_ type: Subject.Type = Subject.self, in world: ConformanceWorld) {
        self.world = world
    }

    /// Runs every check; the actions of the world are done afterwards.
    ///
    /// - Throws: when the connector cannot even be made with the world's settings.
    package func breaches() async throws -> [Breach] {
        var found = manifestBreaches() + settingBreaches()
        let connector = try make(world.settings)
        found += await checkBreaches(connector)
        for feed in Feed.allCases {
            found += await feedBreaches(connector, feed)
        }
        found += try await actionBreaches(connector)
        found += try await unreachableBreaches()
        return found
    }

    func make(_ settings: [String: String]) throws(Fault) -> Subject {
        try Subject(try Subject.manifest.values(settings), in: world.surroundings)
    }

    private func manifestBreaches() -> [Breach] {
        let manifest = Subject.manifest
        var found: [Breach] = []
        func expect(_ condition: Bool, _ promise: String, _ seen: String) {
            if !condition { found.append(Breach(promise, seen)) }
        }
        let isName = manifest.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        let isLower = manifest.name.first?.isLowercase == true
        expect(isName && isLower, "the name is lowerCamelCase", manifest.name)
        expect(manifest.summary.count >= 20, "the summary says what the system is", manifest.summary)
        expect(!manifest.feeds.isEmpty || !manifest.capabilities.isEmpty, "it can do something", "no feeds, no capabilities")
        let keys = manifest.settings.map(\.key)
        expect(Set(keys).count == keys.count, "each setting is declared once", "\(keys)")
        for setting in manifest.settings {
            expect(setting.explanation.count >= 10, "every setting is explained", setting.key)
            expect(!setting.isSecret || (setting.standard ?? "").isEmpty, "no secret has a standard value", setting.key)
        }
        for (kind, capability) in manifest.capabilities {
            expect(capability.settles >= .zero, "the settling time is not negative", "\(kind.rawValue)")
            let given = world.actions.contains { $0.kind == kind }
            expect(given, "the world has an action of every declared kind", kind.rawValue)
        }
        return found
    }

    private func settingBreaches() -> [Breach] {
        var found: [Breach] = []
        for setting in Subject.manifest.settings where setting.standard == nil {
            var given = world.settings
            given[setting.key] = nil
            // Past the manifest's own check as well: the connector itself must name what it misses.
            let named = violations { () throws(Fault) in _ = try Subject(SettingValues(given), in: world.surroundings) }
            if !named.contains(where: { $0.field == setting.key }) {
                found.append(Breach("a missing setting is named by the initialiser", "\(setting.key): \(named)"))
            }
        }
        var given = world.settings
        given["noSuchSetting"] = "1"
        let unknown = Subject.manifest.validate(given)
        if unknown.map(\.field) != ["noSuchSetting"] {
            found.append(Breach("the world's settings are valid and an unknown one is named", "\(unknown)"))
        }
        return found
    }

    private func violations(_ work: () throws(Fault) -> Void) -> [Violation] {
        do throws(Fault) {
            try work()
            return []
        } catch {
            return error.violations
        }
    }

    private func checkBreaches(_ connector: Subject) async -> [Breach] {
        do throws(Fault) {
            let information = try await connector.check()
            return information.name.isEmpty ? [Breach("the system says its name", "nothing")] : []
        } catch {
            return [Breach("check() answers", "\(error)")]
        }
    }
}
