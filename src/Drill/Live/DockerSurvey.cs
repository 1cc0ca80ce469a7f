using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using ShimStack.Drill.Apis;

namespace ShimStack.Drill.Live;

/// <summary>What a dockerd says of itself.</summary>
/// <param name="Title">Its name and version.</param>
/// <param name="Running">How many containers run.</param>
/// <param name="Facts">What a drill needs.</param>
internal sealed record DockerSurvey(string Title, int Running, DockerFacts Facts)
{
    private const string Engine = "Engine";

    /// <exception cref="DrillException">It is no dockerd, or its containers would end with it.</exception>
    public static async Task<DockerSurvey> LookAsync(DockerClient client, DaemonProcess daemon, string address, CancellationToken stop)
    {
        JsonNode version;
        JsonNode info;
        try
        {
            version = await client.GetAsync("/version", stop);
            info = await client.GetAsync("/info", stop);
        }
        catch (JsonException e)
        {
            throw new RpcException(new Status(StatusCode.Unknown, "its answer is no JSON", e));
        }

        // Others speak this API, and have no containers that outlive them.
        if (version["Components"]?[0]?["Name"]?.GetValue<string>() != Engine)
        {
            throw new DrillException($"{daemon.Program}, process {daemon.Pid}, listens on {address}: that is no dockerd");
        }

        if (info["LiveRestoreEnabled"]?.GetValue<bool>() != true)
        {
            throw new DrillException($"dockerd, process {daemon.Pid}, would end every container when it ends: it needs "
                + "\"live-restore\": true in its daemon.json");
        }

        return new DockerSurvey($"dockerd {version["Version"]}", info["ContainersRunning"]?.GetValue<int>() ?? 0,
            new DockerFacts(info["DockerRootDir"]!.GetValue<string>(), info["CgroupDriver"]?.GetValue<string>() == "systemd"));
    }
}
