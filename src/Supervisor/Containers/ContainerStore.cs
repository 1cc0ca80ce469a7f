using Google.Protobuf;
using Microsoft.Data.Sqlite;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Namespaces;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Containers;

/// <summary>The containers on record: what is to run, and by which runtime. Whether something runs is another matter.</summary>
internal sealed class ContainerStore(Database database)
{
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
    public Task<Container> UpdateAsync(string nameSpace, string id, Action<Container> change) => database.WriteAsync(connection =>
    {
        Container container = Find(connection, nameSpace, id) ?? throw RpcException.NotFound($"container \"{id}\": not found");
        change(container);
        connection.Execute("UPDATE containers SET record = $3 WHERE namespace = $1 AND id = $2", nameSpace, id, container.ToByteArray());
        return container;
    });

    /// <exception cref="RpcException">NotFound.</exception>
    public Task DeleteAsync(string nameSpace, string id) => database.WriteAsync(connection =>
    {
        if (connection.Execute("DELETE FROM containers WHERE namespace = $1 AND id = $2", nameSpace, id) == 0)
        {
            throw RpcException.NotFound($"container {id}: not found");
        }
    });

    private static Container? Find(SqliteConnection connection, string nameSpace, string id) =>
        connection.Scalar("SELECT record FROM containers WHERE namespace = $1 AND id = $2", nameSpace, id) is byte[] record
            ? Container.Parser.ParseFrom(record)
            : null;
}
