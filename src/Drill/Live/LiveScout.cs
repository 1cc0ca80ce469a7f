using System.Globalization;
using System.Text.Json.Nodes;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.Running;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Drill.Work;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Live;

/// <summary>
/// A first container, which shows where everything is: its parent is the shim, whose arguments and folder are what the daemon gave it.
/// Contract chapters 1.2, 1.3 and 1.8.
/// </summary>
internal sealed class LiveScout(ILiveTarget target, WatchLoop loop, DrillRecord record)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Subject _subject = new(new WorkOrder("scout", 1), "scout");

    /// <summary>What daemon and shim call it.</summary>
    public IReadOnlyList<string> Ids => [_subject.Id];

    public async Task<(TargetPlaces Places, string Shim)> ExploreAsync()
    {
        target.Prepare();
        WorkerProgram.Install(target.Places.Rootfs);
        using CancellationTokenSource limit = new(Limit);
        using IDaemonApi api = target.Connect(record);
        await api.PrepareAsync(limit.Token);
        await api.RegisterAsync(_subject);
        await api.CreateAsync(_subject, new StreamPaths("", ""));
        _subject.Pid = await api.StartAsync(_subject);
        string truth = target.Places.Truth;
        using (FileWatch begun = new(loop, truth, TruthFiles.PathOf(truth, _subject), exists: true))
        {
            await begun.Seen.WaitAsync(Limit);
        }

        (TargetPlaces, string) found = Look();
        await api.KillAsync(_subject, Signal.SIGKILL);
        await api.WaitAsync(_subject, false, limit.Token);
        await api.DeleteAsync(_subject);
        await api.UnregisterAsync(_subject);
        return found;
    }

    private (TargetPlaces Places, string Shim) Look()
    {
        int shim = ProcessStat.TryRead(_subject.Pid)?.Parent ?? 0;
        string[] words = ShimProcesses.CommandLine(shim) ?? [];
        if (ShimProcesses.ValueOf(words, "-namespace") is not string nameSpace
            || ShimProcesses.ValueOf(words, "-address") is not string address
            || ShimProcesses.ValueOf(words, "-id") != _subject.Id)
        {
            throw new DrillException(string.Create(CultureInfo.InvariantCulture,
                $"process {shim}, the parent of its first container, is no shim of that container: {string.Join(' ', words)}"));
        }

        string process = string.Create(CultureInfo.InvariantCulture, $"/proc/{shim}");
        string bundle = Files.ReadLink($"{process}/cwd");
        TargetPlaces places = target.Places with
        {
            Socket = address,
            Namespace = nameSpace,
            State = Above(bundle),
        };
        places = new DirectoryInfo(Path.Combine(bundle, "work")).LinkTarget is string work ? places with { Root = Above(work) } : places;
        return (places with { RuntimeRoot = RuntimeRoot(bundle) ?? places.RuntimeRoot }, Files.ReadLink($"{process}/exe"));
    }

    // FOLDER/io.containerd.runtime.v2.task/NAMESPACE/ID
    private static string Above(string folder) => Path.GetFullPath(Path.Combine(folder, "../../.."));

    // Where the client leaves that to the daemon; shims write down what they were given.
    private static string? RuntimeRoot(string bundle)
    {
        string options = Path.Combine(bundle, "options.json");
        string? root = File.Exists(options) ? JsonNode.Parse(File.ReadAllText(options))?["root"]?.GetValue<string>() : null;
        return root is { Length: > 0 } ? root : null;
    }
}
