using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Runtime;

/// <summary>runc and what takes its command line (crun, youki): the argument lists of contract chapter 7.2.</summary>
internal sealed class RuncRuntime(RuntimeProcess process, RuntimeSettings settings, string bundle, IReadOnlyList<string> environment)
    : IOciRuntime
{
    private const string ExecutableMissing = "executable file not found in $PATH";

    private readonly string _logPath = Path.Join(bundle, "log.json");

    public Task CreateAsync(CreateCommand command, CancellationToken cancellation)
    {
        List<string> arguments = ["create", "--bundle", command.Bundle, "--pid-file", command.PidFile];
        AddConsole(arguments, command.ConsoleSocket);
        AddIf(arguments, settings.NoPivotRoot, "--no-pivot");
        AddIf(arguments, settings.NoNewKeyring, "--no-new-keyring");
        arguments.Add(command.Id);
        return RunAsync("OCI runtime create failed", arguments, command.Stdio, cancellation);
    }

    public Task StartAsync(string id, CancellationToken cancellation) =>
        RunAsync("OCI runtime start failed", ["start", id], null, cancellation);

    public async Task<bool> IsStartedAsync(string id, CancellationToken cancellation)
    {
        RuntimeResult result = await CaptureAsync(["state", id], cancellation);
        return result.Status == 0 ? !StateOutput.IsCreated(result.Output) : throw RpcException.Unknown(Raw(result));
    }

    public async Task ExecAsync(ExecCommand command, CancellationToken cancellation)
    {
        using RuntimeInputFile spec = RuntimeInputFile.Write(bundle, command.ProcessSpec);
        List<string> arguments = ["exec", "--process", spec.Path];
        AddConsole(arguments, command.ConsoleSocket);
        arguments.AddRange(["--detach", "--pid-file", command.PidFile, command.Id]);
        await RunAsync("OCI runtime exec failed", arguments, command.Stdio, cancellation);
    }

    public async Task KillAsync(string id, uint signal, bool all, CancellationToken cancellation)
    {
        List<string> arguments = ["kill"];
        AddIf(arguments, all, "--all");
        arguments.AddRange([id, signal.ToString(CultureInfo.InvariantCulture)]);
        RuntimeResult result = await CaptureAsync(arguments, cancellation);
        if (result.Status != 0)
        {
            throw KillFailure.Explain(Raw(result));
        }
    }

    public Task PauseAsync(string id, CancellationToken cancellation) =>
        RunAsync("OCI runtime pause failed", ["pause", id], null, cancellation);

    public Task ResumeAsync(string id, CancellationToken cancellation) =>
        RunAsync("OCI runtime resume failed", ["resume", id], null, cancellation);

    public async Task UpdateAsync(string id, ReadOnlyMemory<byte> resources, CancellationToken cancellation)
    {
        using RuntimeInputFile document = RuntimeInputFile.Write(bundle, resources);
        using FileDescriptor stdin = Files.Open(document.Path, OpenFlags.O_RDONLY);
        RuntimeCommand update = Command(["update", "--resources=-", id]);
        update = update with { Request = update.Request with { Descriptors = [new SpawnDescriptor(stdin, 0)] } };
        RuntimeResult result = await CaptureAsync(update, cancellation);
        if (result.Status != 0)
        {
            throw RpcException.Unknown(Raw(result));
        }
    }

    public async Task CheckpointAsync(CheckpointCommand command, CancellationToken cancellation)
    {
        RuntimeResult result = await CaptureAsync(CheckpointArguments.For(command), cancellation);
        if (result.Status != 0)
        {
            throw RpcException.Unknown(Raw(result));
        }
    }

    public Task RestoreAsync(CreateCommand command, RestoreSource source, CancellationToken cancellation)
    {
        List<string> arguments = ["restore", "--image-path", source.Image, "--work-path", source.Work];
        if (source.Parent.Length > 0)
        {
            arguments.AddRange(["--parent-path", source.Parent]);
        }

        arguments.AddRange(["--detach", "--pid-file", command.PidFile]);
        AddConsole(arguments, command.ConsoleSocket);
        AddIf(arguments, settings.NoPivotRoot, "--no-pivot");
        arguments.AddRange(["-no-subreaper", "--bundle", command.Bundle, command.Id]);
        return RunAsync("OCI runtime restore failed", arguments, command.Stdio, cancellation);
    }

    public async Task DeleteAsync(string id, bool force, CancellationToken cancellation)
    {
        List<string> arguments = ["delete"];
        AddIf(arguments, force, "--force");
        arguments.Add(id);
        try
        {
            await RunAsync("failed to delete task", arguments, null, cancellation);
        }
        catch (RpcException e) when (KillFailure.MeansNoContainer(e.Message))
        {
            // Gone already: that is what was asked for.
        }
    }

    private static void AddConsole(List<string> arguments, string? socket)
    {
        if (socket is not null)
        {
            arguments.AddRange(["--console-socket", socket]);
        }
    }

    private static void AddIf(List<string> arguments, bool condition, string argument)
    {
        if (condition)
        {
            arguments.Add(argument);
        }
    }

    private async Task RunAsync(string prefix, List<string> arguments, ChildStdio? stdio, CancellationToken cancellation)
    {
        RuntimeLog log = RuntimeLog.Mark(_logPath);
        RuntimeResult result;
        try
        {
            result = stdio is null
                ? await CaptureAsync(arguments, cancellation)
                : await process.RunAsync(Command(arguments), stdio, cancellation);
        }
        catch (RpcException e) when (e.Code == RpcCode.DeadlineExceeded)
        {
            // It was cut in the middle: what it logged before is not the reason.
            throw new RpcException(e.Code, $"{prefix}: {e.Message}", e);
        }
        catch (Exception e) when (e is RpcException or SyscallException)
        {
            throw new RpcException(RpcCode.Unknown, log.Explain(prefix, e.Message), e);
        }

        if (result.Status != 0)
        {
            throw new RpcException(RpcCode.Unknown, log.Explain(prefix, Raw(result)));
        }
    }

    private Task<RuntimeResult> CaptureAsync(List<string> arguments, CancellationToken cancellation) =>
        CaptureAsync(Command(arguments), cancellation);

    // A runtime that cannot be started has failed like one that ended badly.
    private async Task<RuntimeResult> CaptureAsync(RuntimeCommand command, CancellationToken cancellation)
    {
        try
        {
            return await process.CaptureAsync(command, cancellation);
        }
        catch (SyscallException e)
        {
            throw new RpcException(RpcCode.Unknown, e.Message, e);
        }
    }

    private string Raw(RuntimeResult result)
    {
        string raw = $"{settings.Binary} did not terminate successfully: exit status {result.Status}";
        return result.Output.Length > 0 ? $"{raw}: {result.Output}" : raw;
    }

    // The container is the last argument of every command.
    private RuntimeCommand Command(List<string> arguments)
    {
        string path = ExecutablePath.Find(settings.Binary, Environment.GetEnvironmentVariable("PATH")) ?? throw Missing();
        List<string> argv = [settings.Binary, "--root", settings.Root, "--log", _logPath, "--log-format", "json"];
        if (settings.CriuPath.Length > 0)
        {
            argv.AddRange(["--criu", settings.CriuPath]);
        }

        AddIf(argv, settings.SystemdCgroup, "--systemd-cgroup");
        argv.AddRange(arguments);
        SpawnRequest request = new() { Path = path, Arguments = argv, Environment = environment, DieWithParent = true };
        return new RuntimeCommand(request, arguments[0], arguments[^1], settings.LimitOf(arguments[0]));
    }

    private RpcException Missing() => RpcException.Unknown(settings.Binary.Contains('/', StringComparison.Ordinal)
        ? $"fork/exec {settings.Binary}: no such file or directory"
        : $"exec: \"{settings.Binary}\": {ExecutableMissing}");
}
