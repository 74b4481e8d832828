import CanonicalStore
import EventLog
import Replenishment
import Storage
import StorageSQLite
import Synchronization

/// What is there before anything happens: the tables, the company and what its books said; made once, and copied by each world.
enum Beginning {
    private static let migrations = canonicalMigrations + eventLogMigrations + auditMigrations + replenishmentMigrations

    static let database = Result { () throws(any Error) in
        let scheduler = Scheduler(from: World.start, dice: Dice(0))
        let database = try SQLiteDatabase.inMemory { World.start }
        let failure = Mutex<(any Error)?>(nil)
        try scheduler.run(in: Strand(0, of: scheduler)) {
            do {
                try await database.migrate(migrations, at: World.start)
                try await Company.found(in: database, at: World.start)
                try await Updates.write(Books(), into: database, at: World.start)
            } catch { failure.withLock { $0 = error } }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return database
    }
}
