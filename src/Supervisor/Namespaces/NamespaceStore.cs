using Google.Protobuf;
using Google.Protobuf.Collections;
using Microsoft.Data.Sqlite;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Hosting;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Namespaces;

/// <summary>The namespaces on record. One that nobody has created is there from the first record in it.</summary>
internal sealed class NamespaceStore(Database database)
{
    /// <summary>Puts a namespace on record that something is about to be stored in; on the database's writer.</summary>
    public static void Use(SqliteConnection connection, string name) => connection.Execute(
        "INSERT INTO namespaces (name, record) VALUES ($1, $2) ON CONFLICT DO NOTHING", name, new Namespace { Name = name }.ToByteArray());

    /// <summary>All, by name.</summary>
    public async Task<List<Namespace>> ListAsync()
    {
        List<byte[]> records = await database.WriteAsync(connection => connection.Rows("SELECT record FROM namespaces ORDER BY name", row => row.GetFieldValue<byte[]>(0)));
        return records.ConvertAll(Namespace.Parser.ParseFrom);
    }

    /// <summary>One; null if there is no such.</summary>
    public Task<Namespace?> FindAsync(string name) => database.WriteAsync(connection => Find(connection, name));

    /// <exception cref="RpcException">AlreadyExists.</exception>
    public Task CreateAsync(Namespace created) => database.WriteAsync(connection =>
    {
        if (Find(connection, created.Name) is not null)
        {
            throw RpcException.AlreadyExists($"namespace \"{created.Name}\": already exists");
        }

        Write(connection, created);
    });

    /// <summary>Sets the labels of a namespace, which is made if it is not there.</summary>
    /// <param name="name">The namespace.</param>
    /// <param name="labels">Labels; an empty one is taken away.</param>
    /// <param name="keys">Which of them; null for all, and away with the rest.</param>
    public Task SetLabelsAsync(string name, MapField<string, string> labels, IReadOnlyList<string>? keys) => database.WriteAsync(connection =>
    {
        Namespace updated = Find(connection, name) ?? new Namespace { Name = name };
        if (keys is null)
        {
            updated.Labels.Clear();
            updated.Labels.Add(labels);
        }

        foreach (string key in keys ?? [])
        {
            updated.Labels[key] = labels.TryGetValue(key, out string? value) ? value : "";
        }

        Write(connection, updated);
    });

    /// <summary>Takes a namespace away, and its leases with it.</summary>
    /// <exception cref="RpcException">NotFound, or FailedPrecondition: it has containers.</exception>
    public Task DeleteAsync(string name) => database.WriteAsync(connection =>
    {
        if (connection.Scalar("SELECT 1 FROM containers WHERE namespace = $1 LIMIT 1", name) is not null)
        {
            throw RpcException.FailedPrecondition($"namespace \"{name}\" must be empty, but it still has containers: failed precondition");
        }

        if (connection.Execute("DELETE FROM namespaces WHERE name = $1", name) == 0)
        {
            throw RpcException.NotFound($"namespace \"{name}\": not found");
        }

        connection.Execute("DELETE FROM leases WHERE namespace = $1", name);
    });

    private static Namespace? Find(SqliteConnection connection, string name) =>
        connection.Scalar("SELECT record FROM namespaces WHERE name = $1", name) is byte[] record ? Namespace.Parser.ParseFrom(record) : null;

    private static void Write(SqliteConnection connection, Namespace written)
    {
        Labels.DropEmpty(written.Labels);
        connection.Execute("INSERT OR REPLACE INTO namespaces (name, record) VALUES ($1, $2)", written.Name, written.ToByteArray());
    }
}
