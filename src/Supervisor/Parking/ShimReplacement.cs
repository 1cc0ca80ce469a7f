using System.Net.Sockets;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Supervisor.Shims;
using ShimStack.Supervisor.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Parking;

/// <summary>From a task whose shim's connection is gone to a connection that serves it, if there is any way to one.</summary>
internal sealed class ShimReplacement(ParkingInbox inbox, ShimAdoption adoption, ILogger<ShimReplacement> logger)
{
    /// <summary>Holds a process that runs until it is known what its shim has left: see <see cref="EarlyHolds"/>.</summary>
    public void HoldEarly(uint pid) => inbox.Shims.HoldEarly(pid);

    /// <inheritdoc cref="ParkingInbox.Begin"/>
    public void ExpectProcess() => inbox.Begin();

    /// <summary>Whether another process can take the place of the task's shim, so that calls about it have something to wait for.</summary>
    public async ValueTask<bool> IsPossibleAsync(SupervisedTask task)
    {
        if (Find(task) is null)
        {
            await inbox.CatchUpAsync(); // it may have said so, and died, before it was listened to
        }

        return Find(task) is not null;
    }

    /// <summary>Whether the task's shim has died, and another process can take its place.</summary>
    public async Task<bool> IsDueAsync(SupervisedTask task) => await IsPossibleAsync(task) && Find(task) is { Process.IsEnding: true };

    /// <summary>Makes sure that the shim of a task is not a dead one whose socket is still ours. Nothing happens for one that leaves nothing with us.</summary>
    public async Task ReviveAsync(SupervisedTask task)
    {
        if (Find(task) is ParkedShim shim)
        {
            await adoption.ReviveAsync(shim, task.Bundle, task.Binary);
        }
    }

    /// <summary>A shim that has the task: the one it had, or the one that has taken its place; null if there is none.</summary>
    public async Task<ShimConnection?> TryAsync(SupervisedTask task)
    {
        while (Find(task) is ParkedShim shim)
        {
            if (!shim.Process.IsEnding)
            {
                logger.ConnectionBroke(task.Namespace, task.Id);
            }

            if (!await adoption.ReviveAsync(shim, task.Bundle, task.Binary))
            {
                return null;
            }

            if (await TryConnectAsync(task) is ShimConnection connection)
            {
                return connection;
            }

            if (!shim.Process.IsEnding)
            {
                return null; // it lives, and does not have the task; one that has died again is replaced as often as that may be
            }
        }

        return null;
    }

    /// <summary>
    /// The answer of a shim to the first call on a connection. One that dies before it has taken the connection does not close it, since its socket is
    /// ours as well: then it is closed here, and the call fails as if the shim had done so.
    /// </summary>
    public async Task<T> AnswerAsync<T>(SupervisedTask task, ShimConnection shim, Func<Task<T>> call)
    {
        if (Find(task) is not ParkedShim known)
        {
            return await call();
        }

        using CancellationTokenSource answered = new();
        Task<T> answer = call();
        ShimProcess? watched = null;
        while (!answer.IsCompleted && known.Process is ShimProcess process)
        {
            if (process.IsEnding)
            {
                await shim.DisposeAsync();
                break;
            }

            if (process == watched)
            {
                break; // the shim has gone from our books, and lives: it will answer, or close
            }

            watched = process;
            await Task.WhenAny(answer, process.EndAsync(inbox.Loop, answered.Token)); // or until it is known better who the shim is
        }

        await answered.CancelAsync();
        return await answer;
    }

    /// <summary>What the shim of a task has left for it is not needed any more.</summary>
    public void Forget(SupervisedTask task)
    {
        if (SocketOf(task) is string socket)
        {
            inbox.Shims.RemoveTask(socket, task.Id);
        }
    }

    private ParkedShim? Find(SupervisedTask task) => SocketOf(task) is string socket ? inbox.Shims.Find(socket) : null;

    private static string? SocketOf(SupervisedTask task)
    {
        try
        {
            return task.Address?.SocketPath;
        }
        catch (RpcException)
        {
            return null; // a shim of a kind that is not spoken to
        }
    }

    private async Task<ShimConnection?> TryConnectAsync(SupervisedTask task)
    {
        ShimConnection? shim = null;
        try
        {
            shim = await ShimConnection.OpenAsync(task.Address!, task.Bundle, logger, CancellationToken.None);
            ShimConnection opened = shim;
            await AnswerAsync(
                task,
                opened,
                () => opened.CallAsync(TaskServices.State, new StateRequest { Id = task.Id }, StateResponse.Parser, CancellationToken.None));
            return shim;
        }
        catch (Exception e) when (e is SocketException or RpcException or SyscallException)
        {
            logger.TaskNotTaken(task.Namespace, task.Id, e.Message);
            await (shim?.DisposeAsync() ?? default);
            return null;
        }
    }
}
