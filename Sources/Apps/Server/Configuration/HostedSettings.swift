import CanonicalModel
import ConnectorKit
import Vocabulary

/// A system's settings with what the host knows: a connector that asks for `system` is told its own name.
func hosted(_ system: ServerConfiguration.System, by type: any Connector.Type) -> [String: String] {
    var settings = system.settings
    if settings["system"] == nil, type.manifest.settings.contains(where: { $0.key == "system" }) {
        settings["system"] = system.name.rawValue
    }
    return settings
}
