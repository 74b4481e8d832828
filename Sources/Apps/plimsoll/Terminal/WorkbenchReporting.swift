import Planning
import Workbench

/// Runs a command that works on files, and says what could not be read, computed or written.
func reportingWorkbench(_ work: () async throws -> Void) async throws {
    try await reporting {
        do {
            try await work()
        } catch let refusal as WorkbenchError {
            throw CommandFailure(message: refusal.description, code: .refused)
        } catch let refusal as ForecastError {
            throw CommandFailure(message: refusal.description, code: .refused)
        } catch let refusal as PolicyError {
            throw CommandFailure(message: refusal.description, code: .refused)
        }
    }
}
