using Google.Protobuf;
using Microsoft.Data.Sqlite;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Metrics;
using ShimStack.Supervisor.Tracing;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>
/// `shimstackd --check-state`: whether this build can serve what is stored. It does to a copy of the database what a start does to the database,
/// taking its tables to the newest version included.
/// </summary>
internal static class StoredState
{
    /// <param name="settings">What it would serve with.</param>
    /// <param name="copy">A copy of the database; empty for the one of a daemon that does not run.</param>
    /// <exception cref="StartupException">It cannot.</exception>
    /// <exception cref="DatabaseException">The database cannot be used.</exception>
    public static StateCheckAnswer Check(SupervisorSettings settings, string copy)
    {
        SocketGroup.Find(settings.Group);
        TracingFeature.EndpointOf(settings);
        _ = settings.MetricsAddress is string address ? MetricsPage.Options(address) : null;
        if (copy.Length > 0)
        {
            ReadAll(settings, copy);
            return StateCheckAnswer.Of(settings);
        }

        using OwnDirectory root = OwnDirectory.Claim(settings.Root, "root", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using DatabaseCopy own = DatabaseCopy.Prepare(settings);
        own.TakeFiles(settings.DatabasePath);
        ReadAll(settings, own.Path);
        return StateCheckAnswer.Of(settings);
    }

    private static void ReadAll(SupervisorSettings settings, string path)
    {
        using SqliteConnection connection = DatabaseFile.Open(path);
        using JournalTables tables = new(connection, settings.JournalLength);
        tables.Begin();
        foreach (byte[] record in connection.Rows("SELECT record FROM containers", row => row.GetFieldValue<byte[]>(0)))
        {
            Read(record, path);
        }
    }

    private static void Read(byte[] record, string path)
    {
        try
        {
            _ = Container.Parser.ParseFrom(record);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new DatabaseException($"{path} has a container that cannot be read: {e.Message}", e);
        }
    }
}
