using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Runtimes;

/// <summary>
/// runc behind a script that writes down its arguments. It does not pass on what this machine cannot do: --systemd-cgroup, without systemd.
/// </summary>
internal sealed class RecordingRuntime
{
    private readonly string _record;

    private RecordingRuntime(string path) => (Path, _record) = (path, path + ".calls");

    public string Path { get; }

    public static RecordingRuntime Create(Stage stage)
    {
        RecordingRuntime runtime = new(System.IO.Path.Combine(stage.Directory, "recording-runc"));
        ProgramFile.Write(
            runtime.Path,
            $"""
            #!/bin/sh
            echo "$*" >>{runtime._record}
            stat -L -c '%u %g' /proc/self/fd/2 >{runtime._record}.owner
            for word do
              shift
              [ "$word" = --systemd-cgroup ] || set -- "$@" "$word"
            done
            exec runc "$@"

            """);
        return runtime;
    }

    /// <summary>User and group of its standard error at the last call.</summary>
    public string OwnerOfError() => File.ReadAllText(_record + ".owner").Trim();

    /// <summary>The arguments of the only call of <paramref name="command"/> so far.</summary>
    public string CallOf(string command) =>
        Assert.Single(File.ReadAllLines(_record), line => $" {line} ".Contains($" {command} ", StringComparison.Ordinal));
}
