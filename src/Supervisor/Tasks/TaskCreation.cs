using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Api.Task;
using ShimStack.Supervisor.Parking;
using ShimStack.Supervisor.Shims;
using ShimStack.Ttrpc;
using CreateRequest = ShimStack.Api.Daemon.CreateTaskRequest;
using ShimCreate = ShimStack.Api.Task.CreateTaskRequest;
using ShimCreated = ShimStack.Api.Task.CreateTaskResponse;

namespace ShimStack.Supervisor.Tasks;

/// <summary>Create: bundle, shim, task; what fails is undone in the opposite order. Contract chapter 9.3.</summary>
internal sealed class TaskCreation(
    TaskTable tasks, Bundles bundles, RuntimeBinary binaries, RuntimeOptions runtimeOptions, ShimCommand command, ShimConnector connector,
    ShimReplacement replacement, TaskUndo undo, TimeProvider time)
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(2); // a runtime that hangs is cut by the end of the connection

    /// <param name="container">What is to run.</param>
    /// <param name="nameSpace">Of the container.</param>
    /// <param name="request">How.</param>
    /// <param name="isRestart">The container's policy asks for it, and no client: see Restart.</param>
    /// <param name="cancellation">Undoes it.</param>
    /// <returns>The pid of the init process.</returns>
    /// <exception cref="RpcException">AlreadyExists; what the shim or its start said.</exception>
    public async Task<uint> CreateAsync(
        Container container, string nameSpace, CreateRequest request, bool isRestart, CancellationToken cancellation)
    {
        if (request.Checkpoint is not null)
        {
            throw RpcException.Unimplemented(
                "a checkpoint from a content store: shimstackd has none, images and their content stay with the daemon above; name a folder by criu_image_path of the runtime options");
        }

        string binary = binaries.Resolve(request.RuntimePath.Length > 0 ? request.RuntimePath : container.Runtime?.Name ?? "");
        Any? options = runtimeOptions.For(container, request.Options, binary);
        SupervisedTask task = new(bundles.Of(nameSpace, container.Id), binary, time.GetUtcNow());
        tasks.Add(task);
        try
        {
            task.Bundle.Create((container.Spec?.Value ?? ByteString.Empty).Span, request.ToByteArray(), isRestart);
            connector.FollowLog(task);
        }
        catch
        {
            tasks.Remove(task);
            task.Lost();
            throw;
        }

        return await StartShimAsync(task, ShimRequest(task, request, options), cancellation);
    }

    private async Task<uint> StartShimAsync(SupervisedTask task, ShimCreate request, CancellationToken cancellation)
    {
        ShimConnection? shim = null;
        Task<ShimCreated>? creating = null;
        replacement.ExpectProcess();
        try
        {
            ShimAddress address = await command.StartAsync(task.Bundle, task.Binary, request.Options?.ToByteArray() ?? default(ReadOnlyMemory<byte>), cancellation);
            task.Bundle.Record(task.Binary, address);
            task.Address = address;
            shim = await ConnectAsync(task, address, cancellation);
            creating = shim.CallAsync(TaskServices.Create, request, ShimCreated.Parser, CancellationToken.None);
            ShimCreated created = await creating.WaitAsync(cancellation);
            connector.Attach(task, shim);
            return created.Pid;
        }
        catch
        {
            // A shim that is still creating refuses to delete, and would be left with a container that comes a moment later.
            await ((Task?)creating ?? Task.CompletedTask).WaitAsync(SettleLimit, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await undo.UndoAsync(task, shim);
            throw;
        }
    }

    private async Task<ShimConnection> ConnectAsync(SupervisedTask task, ShimAddress address, CancellationToken cancellation)
    {
        try
        {
            return await connector.OpenAsync(address, task.Bundle, cancellation);
        }
        catch (SocketException e)
        {
            throw RpcException.Unavailable($"the shim that has just started does not listen on {address.Address}: {e.Message}");
        }
    }

    private static ShimCreate ShimRequest(SupervisedTask task, CreateRequest request, Any? options)
    {
        ShimCreate create = new()
        {
            Id = task.Id,
            Bundle = task.Bundle.Path,
            Terminal = request.Terminal,
            Stdin = request.Stdin,
            Stdout = request.Stdout,
            Stderr = request.Stderr,
            Checkpoint = RuntimeOptions.CheckpointOf(options),
            Options = options,
        };
        create.Rootfs.AddRange(request.Rootfs);
        return create;
    }
}
