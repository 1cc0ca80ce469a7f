using System.Globalization;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Phases;

/// <summary>
/// The runtime called as our shim calls it, without any shim: name, global options, working directory, variables, and for create and exec pipes
/// as standard output and error. (The references set GOMAXPROCS to 4 instead of the daemon's 2; nothing else differs, seen with strace.)
/// </summary>
/// <param name="root">Value of --root.</param>
/// <param name="bundle">The bundle's folder, whose name is the container's id.</param>
/// <param name="variables">Of the daemon, for its shims.</param>
internal sealed class RuntimeAlone(string root, string bundle, IReadOnlyDictionary<string, string> variables)
{
    private const int Sigkill = 9;
    private const string Name = "runc";

    private static readonly string Program = ExecutablePath.Find(Name);

    private readonly string _log = Path.Combine(bundle, "log.json");
    private readonly string _initPid = Path.Combine(bundle, "init.pid");
    private readonly string _execPid = Path.Combine(bundle, "exec.pid");

    private string Id => Path.GetFileName(bundle);

    /// <summary>Makes the container.</summary>
    internal TimeSpan Create(bool withStreams) => Call(["create", "--bundle", bundle, "--pid-file", _initPid, Id], withStreams);

    internal TimeSpan Start() => Call(["start", Id], withStreams: false);

    /// <summary>One more process, which has to be reaped by <see cref="ReapExec"/>.</summary>
    internal TimeSpan Exec(string process) => Call(["exec", "--process", process, "--detach", "--pid-file", _execPid, Id], withStreams: true);

    internal void ReapExec() => Subreaper.Reap(ReadPid(_execPid));

    /// <summary>Ends and reaps the init.</summary>
    internal void Kill()
    {
        new RunningProcess(ReadPid(_initPid)).Signal(Sigkill);
        Reap();
    }

    /// <summary>Waits for the end of the init.</summary>
    internal void Reap() => Subreaper.Reap(ReadPid(_initPid));

    internal TimeSpan Delete(bool force = false) => Call(force ? ["delete", "--force", Id] : ["delete", Id], withStreams: false);

    private TimeSpan Call(string[] arguments, bool withStreams)
    {
        using var output = new DescriptorPair();
        using var error = new DescriptorPair();
        var start = new QuietStart(Program, [Name, "--root", root, "--log", _log, "--log-format", "json", .. arguments])
        {
            Environment = variables,
            WorkingDirectory = bundle,
            Output = output.WriteEnd,
            Error = withStreams ? error.WriteEnd : output.WriteEnd,
        };
        (int status, TimeSpan elapsed) = QuietProcess.Run(start);
        return status == 0 ? elapsed : throw new InvalidOperationException($"runc {arguments[0]}: {File.ReadAllText(_log)}");
    }

    private static int ReadPid(string file) => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
}
