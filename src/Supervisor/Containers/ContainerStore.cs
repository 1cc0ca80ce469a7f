using Google.Protobuf;
using Google.Protobuf.Collections;
using Microsoft.Data.Sqlite;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Namespaces;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Containers;

/// <summary>The containers on record: what is to run, and by which runtime. Whether something runs is another matter.</summary>
internal sealed class ContainerStore(Database database)
{
    /// <summary>One has been changed by a client: its namespace, and what it is now. The client waits for what follows from that.</summary>
    public event Func<string, Container, Task>? Updated;

    /// <summary>One is gone: its namespace and id.</summary>
    public event Action<string, string>? Deleted;

    /// <summary>Changes labels in the transaction of another change.</summary>
    /// <param name="connection">Of that transaction.</param>
    /// <param name="nameSpace">Whose.</param>
    /// <param name="id">Whose.</param>
    /// <param name="change">Makes it; false if there is nothing to change.</param>
    /// <returns>Whether there is such a container.</returns>
    public static bool Relabel(SqliteConnection connection, string nameSpace, string id, Func<MapField<string, string>, bool> change)
    {
        if (Find(connection, nameSpace, id) is not Container container)
        {
            return false;
        }

        if (change(container.Labels))
        {
            Put(connection, nameSpace, container);
        }

        return true;
    }

    /// <exception cref="RpcException">NotFound.</exception>
    public async Task<Container> GetAsync(string nameSpace, string id) =>
        await FindAsync(nameSpace, id) ?? throw RpcException.NotFound($"container \"{id}\" in namespace \"{nameSpace}\": not found");

    /// <summary>One; null if there is no such.</summary>
    public Task<Container?> FindAsync(string nameSpace, string id) => database.WriteAsync(connection => Find(connection, nameSpace, id));

    /// <summary>All of a namespace, by id.</summary>
    public async Task<List<Container>> ListAsync(string nameSpace)
    {
        List<byte[]> records = await database.WriteAsync(connection => connection.Rows(
            "SELECT record FROM containers WHERE namespace = $1 ORDER BY id", row => row.GetFieldValue<byte[]>(0), nameSpace));
        return records.ConvertAll(Container.Parser.ParseFrom);
    }

    /// <exception cref="RpcException">AlreadyExists.</exception>
    public Task CreateAsync(string nameSpace, Container container) => database.WriteAsync(connection =>
    {
        NamespaceStore.Use(connection, nameSpace);
        int made = connection.Execute(
            "INSERT INTO containers (namespace, id, record) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", nameSpace, container.Id, container.ToByteArray());
        if (made == 0)
        {
            throw RpcException.AlreadyExists($"container \"{container.Id}\": already exists");
        }
    });

    /// <summary>Changes one, while nobody else does.</summary>
    /// <returns>What it is now.</returns>
    /// <exception cref="RpcException">NotFound, and what <paramref name="change"/> throws.</exception>
    public async Task<Container> UpdateAsync(string nameSpace, string id, Action<Container> change)
    {
        Container updated = await database.WriteAsync(connection =>
        {
            Container container = Find(connection, nameSpace, id) ?? throw RpcException.NotFound($"container \"{id}\": not found");
            change(container);
            Put(connection, nameSpace, container);
            return container;
        });
        await (Updated?.Invoke(nameSpace, updated) ?? Task.CompletedTask);
        return updated;
    }

    /// <exception cref="RpcException">NotFound.</exception>
    public async Task DeleteAsync(string nameSpace, string id)
    {
        await database.WriteAsync(connection =>
        {
            if (connection.Execute("DELETE FROM containers WHERE namespace = $1 AND id = $2", nameSpace, id) == 0)
            {
                throw RpcException.NotFound($"container {id}: not found");
            }
        });
        Deleted?.Invoke(nameSpace, id);
    }

    private static void Put(SqliteConnection connection, string nameSpace, Container container) => connection.Execute(
        "UPDATE containers SET record = $3 WHERE namespace = $1 AND id = $2", nameSpace, container.Id, container.ToByteArray());

    private static Container? Find(SqliteConnection connection, string nameSpace, string id) =>
        connection.Scalar("SELECT record FROM containers WHERE namespace = $1 AND id = $2", nameSpace, id) is byte[] record
            ? Container.Parser.ParseFrom(record)
            : null;
}
