using System.Text.Json.Nodes;
using Grpc.Core;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;

namespace ShimStack.Drill.Live;

/// <summary>The machine's dockerd, and containers with names and a label of the drill's own in it.</summary>
/// <param name="facts">Of it.</param>
/// <param name="places">Of the drill; the socket in them is containerd's.</param>
/// <param name="shim">The program that its containers get; as far as that is known.</param>
internal sealed class LiveDockerTarget(LiveFacts facts, TargetPlaces places, string shim) : ILiveTarget
{
    public string Name => facts.Target;

    public string Runtime => facts.Runtime;

    public string Shim => shim;

    public TargetPlaces Places => places;

    public Promises Promises => DockerTarget.Less;

    private DockerFacts Docker => facts.Docker ?? throw new InvalidOperationException("facts of a dockerd are wanted");

    public void Prepare() => places.Create();

    public IReadOnlyList<IDaemon> Daemons(WatchLoop loop, DrillRecord record) => [new LiveDaemon(facts, loop, record)];

    public IDaemonApi Connect(DrillRecord record) => new DockerApi(new DockerClient(facts.Address), places, Docker.Data, record)
    {
        Runtime = facts.Runtime,
    };

    public async Task RemoveAllAsync(CancellationToken stop)
    {
        using DockerClient client = new(facts.Address);
        string filter = Uri.EscapeDataString(new JsonObject { ["label"] = new JsonArray(DockerImage.LabelOf(places)) }.ToJsonString());
        JsonNode containers = await client.GetAsync($"/containers/json?all=true&filters={filter}", stop);
        foreach (JsonNode? container in containers.AsArray())
        {
            await GoneAsync(client, $"/containers/{container!["Id"]}?force=true&v=true", stop);
        }

        await GoneAsync(client, $"/images/{places.Name}?force=true", stop);
    }

    private static async Task GoneAsync(DockerClient client, string path, CancellationToken stop)
    {
        try
        {
            await client.DeleteAsync(path, stop);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // It is.
        }
    }
}
