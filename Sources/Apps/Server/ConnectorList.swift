import ConnectorKit
import FlatFiles
import Sandbox
import Tryton

/// Every connector that this program has; a new one is one more line here.
package let connectorList: [any Connector.Type] = [
    FlatFilesConnector.self,
    SandboxConnector.self,
    TrytonConnector.self,
]
