using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Data;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>The container record that a task is made from.</summary>
internal sealed class ContainerLookup(Database database)
{
    /// <exception cref="RpcException">NotFound: there is no such container.</exception>
    public async Task<Container> GetAsync(string nameSpace, string id)
    {
        byte[]? record = await database.WriteAsync(connection =>
            (byte[]?)connection.Scalar("SELECT record FROM containers WHERE namespace = $1 AND id = $2", nameSpace, id));
        return record is null ? throw RpcException.NotFound($"container \"{id}\" in namespace \"{nameSpace}\": not found") : Container.Parser.ParseFrom(record);
    }
}
