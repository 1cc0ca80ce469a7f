using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Upgrade;

/// <summary>Asks another build whether it can go on with what we know, by a child that reads a copy of it; we serve on meanwhile.</summary>
internal sealed class StateCheck(ShimState state, RuntimeProcess process, OwnProgram own)
{
    private const string Name = "check-state";
    private const int StandardInput = 0;

    /// <summary>How long it may take at most: it only reads.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <returns>The version of the other build.</returns>
    /// <exception cref="RpcException">FailedPrecondition: it cannot, or does not say so in time.</exception>
    public async Task<string> RequireAsync(BuildFile build, TimeSpan limit, CancellationToken cancellation)
    {
        RuntimeResult result;
        try
        {
            using FileDescriptor file = StateFile.Write(state.PutDown(new Inheritance()));
            SpawnRequest request = new()
            {
                Path = build.LentPath,
                Arguments = [.. own.Arguments, "-" + Name],
                Environment = own.Environment,
                Descriptors = [new SpawnDescriptor(file, StandardInput)],
                DieWithParent = true,
            };
            result = await process.CaptureAsync(new RuntimeCommand(request, Name, "", limit < Limit ? limit : Limit), cancellation);
        }
        catch (RpcException e) when (e.Code == RpcCode.DeadlineExceeded)
        {
            throw Refusal(build, $"has not said in time whether it can go on: {e.Message}", e);
        }
        catch (SyscallException e)
        {
            throw Refusal(build, $"could not be asked whether it can go on: {e.Message}", e);
        }

        if (result.Status != 0)
        {
            string reason = result.Output.TrimEnd().ReplaceLineEndings(" ");
            throw Refusal(build, $"cannot go on: {(reason.Length > 0 ? reason : $"its check ended with {result.Status}")}");
        }

        return StateCheckAction.VersionIn(result.Output) ?? throw Refusal(build, $"is no build of the shim that can go on: it does not know -{Name}");
    }

    private static RpcException Refusal(BuildFile build, string reason, Exception? cause = null) =>
        new(RpcCode.FailedPrecondition, $"{build.Path} {reason}", cause);
}
