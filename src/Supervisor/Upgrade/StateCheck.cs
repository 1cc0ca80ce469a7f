using System.Text;
using Microsoft.Data.Sqlite;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Data;
using ShimStack.Supervisor.Processes;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>Asks another build whether it can serve what we have on record, by a child process that reads a copy of it; we serve on meanwhile.</summary>
internal sealed class StateCheck(Database database, SupervisorSettings settings, Children children, Succession succession)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <returns>Its version.</returns>
    /// <exception cref="UpgradeException">It cannot, or does not say so in time.</exception>
    public async Task<string> RequireAsync(BuildFile build, CancellationToken cancellation)
    {
        try
        {
            using DatabaseCopy copy = DatabaseCopy.Prepare(settings);
            await database.CopyAsync(copy.Path);
            CommandResult result = await AskAsync(build, copy, cancellation);
            return VersionIn(result, build);
        }
        catch (Exception e) when (e is SqliteException or SyscallException or IOException)
        {
            throw new UpgradeException($"{build.Path} could not be asked whether it can serve: {e.Message}", e);
        }
    }

    private async Task<CommandResult> AskAsync(BuildFile build, DatabaseCopy copy, CancellationToken cancellation)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(Limit);
        SpawnRequest request = new()
        {
            Path = build.LentPath,
            Arguments = [.. succession.Own.Arguments, SupervisorCommand.CheckState, copy.Path],
            Environment = [.. succession.Own.Environment.Where(IsForCheck)],
        };
        try
        {
            return await children.RunAsync(request, ReadOnlyMemory<byte>.Empty, end.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new UpgradeException($"{build.Path} has not said within {Limit.TotalSeconds} s whether it can serve");
        }
    }

    // It is not to speak in our name.
    private static bool IsForCheck(string variable) => !variable.StartsWith("NOTIFY_SOCKET=", StringComparison.Ordinal);

    private string VersionIn(CommandResult result, BuildFile build)
    {
        if (result.Status != 0)
        {
            string reason = result.Text.Replace("shimstackd: ", "", StringComparison.Ordinal).ReplaceLineEndings(" ");
            throw new UpgradeException($"{build.Path} cannot serve: {(reason.Length > 0 ? reason : $"its check ended with {result.Status}")}");
        }

        StateCheckAnswer answer = StateCheckAnswer.TryParse(Encoding.UTF8.GetString(result.Output)) ?? throw new UpgradeException(
            $"{build.Path} is no build of shimstackd that can be upgraded to: it does not know {SupervisorCommand.CheckState}");
        foreach ((string name, string value) in StateCheckAnswer.PlacesOf(settings))
        {
            if (answer.Places.GetValueOrDefault(name) is string other && other != value)
            {
                throw new UpgradeException(
                    $"{build.Path} would serve with {name} {other}, and an upgrade cannot change it from {value}: start shimstackd anew");
            }
        }

        return answer.Version;
    }
}
