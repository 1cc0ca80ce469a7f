using System.Net.Sockets;
using ShimStack.Api.Control;
using ShimStack.Api.Task;
using ShimStack.Ctl.Output;
using ShimStack.Ctl.Shims;
using ShimStack.Ttrpc;

namespace ShimStack.Ctl.Views;

/// <summary>A container as its shim has it. One of another make says less.</summary>
internal sealed record ShimView
{
    /// <summary>Why it was not seen; null if it was.</summary>
    public string? NotSeen { get; init; }

    public int ShimPid { get; init; }

    public string Version { get; init; } = "";

    public int Pid { get; init; }

    public string State { get; init; } = "";

    public uint? ExitStatus { get; init; }

    public DateTimeOffset? ExitedAt { get; init; }

    /// <summary>Of its own; null for a shim of another make.</summary>
    public StatusResponse? Status { get; init; }

    /// <summary>What its Control service says of this container.</summary>
    public ContainerStatus? Container { get; init; }

    public static async Task<ShimView> ReadAsync(string socket, string id, CancellationToken cancellation)
    {
        try
        {
            await using ShimPeer shim = await ShimPeer.ConnectAsync(socket, cancellation);
            StateResponse? state = await shim.TryStateAsync(id, cancellation);
            StatusResponse? status = await shim.TryStatusAsync(cancellation);
            if (state is null)
            {
                return new ShimView { NotSeen = $"the shim at {socket} has no container {id}" };
            }

            ConnectResponse? who = status is null ? await shim.WhoAsync(id, cancellation) : null;
            return Of(state, status, who) with { Container = status?.Containers.FirstOrDefault(container => container.Id == id) };
        }
        catch (SocketException e)
        {
            return new ShimView { NotSeen = $"the shim does not listen at {socket}: {e.Message}" };
        }
        catch (RpcException e)
        {
            string reason = e.Code == RpcCode.Unavailable ? "it closes the connection, as it does for all but root" : e.Message;
            return new ShimView { NotSeen = $"the shim at {socket} does not answer: {reason}" };
        }
    }

    private static ShimView Of(StateResponse state, StatusResponse? status, ConnectResponse? who)
    {
        bool hasEnded = state.Status == Api.Types.Status.Stopped;
        return new ShimView
        {
            ShimPid = (int)(status?.Pid ?? who?.ShimPid ?? 0),
            Version = status?.Version ?? who?.Version ?? "",
            Pid = (int)state.Pid,
            State = state.Status.ToString().ToLowerInvariant(),
            ExitStatus = hasEnded ? state.ExitStatus : null,
            ExitedAt = hasEnded ? JsonText.Known(state.ExitedAt) : null,
            Status = status,
        };
    }
}
