using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Api.Restart;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Restart;

/// <summary>shimstack.restart.v1.Restarts: what is on record, and what the labels make of it at this moment.</summary>
internal sealed class RestartsService(RestartStore store) : Api.Restart.Restarts.RestartsBase
{
    public override async Task<ListRestartsResponse> List(ListRestartsRequest request, ServerCallContext context)
    {
        ListRestartsResponse response = new();
        foreach ((RestartRecord record, Container container) in await store.OfNamespaceAsync(RequestNamespace.Of(context)))
        {
            if (RestartLabels.Of(container) is RestartWish wish)
            {
                response.Containers.Add(InfoOf(record, wish));
            }
        }

        return response;
    }

    private static RestartInfo InfoOf(RestartRecord record, RestartWish wish)
    {
        RestartInfo info = new()
        {
            ContainerId = record.Container,
            Policy = wish.Policy.ToString(),
            Count = (uint)record.Count,
            State = StateOf(record, wish),
            HasExited = record.ExitStatus is not null,
            ExitStatus = record.ExitStatus ?? 0,
            ExitedAt = record.ExitedAt,
            Error = record.Error ?? "",
        };
        info.NextTryAt = info.State == RestartInfo.Types.State.Waiting ? record.NextAt?.ToTimestamp() : null;
        return info;
    }

    // A stop has its effect before we have come to note it.
    private static RestartInfo.Types.State StateOf(RestartRecord record, RestartWish wish) => record.State switch
    {
        RestartState.Running => RestartInfo.Types.State.Running,
        RestartState.Waiting when !wish.IsStopped => RestartInfo.Types.State.Waiting,
        _ => RestartInfo.Types.State.Ended,
    };
}
