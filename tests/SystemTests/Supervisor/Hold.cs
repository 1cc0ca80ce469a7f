using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>A place at which a program that the daemon or the shim runs waits for as long as the test wants.</summary>
internal sealed class Hold(string directory)
{
    private readonly string _held = Path.Combine(directory, "held");
    private readonly string _inside = Path.Combine(directory, "inside");

    private string _program = "";

    /// <summary>A program that waits there, if it is held, and then becomes another.</summary>
    /// <param name="name">Its file.</param>
    /// <param name="action">Waits only if that is one of its arguments.</param>
    /// <param name="program">What it becomes.</param>
    public string Script(string name, string action, string program)
    {
        string path = Path.Combine(directory, name);
        _program = path;
        ProgramFile.Write(path, $"""
            #!/bin/sh
            PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
            case " $* " in
            *" {action} "*)
              [ ! -e {_held} ] || : >{_inside}
              while [ -e {_held} ]; do sleep 0.02; done
              ;;
            esac
            exec {program} "$@"

            """);
        return path;
    }

    /// <summary>Whether a process, as "pid command line", is one that waits there.</summary>
    public bool IsOf(string process) => process.Contains(_program, StringComparison.Ordinal);

    public void Begin() => File.WriteAllText(_held, "");

    public Task ReachedAsync() => Until.TrueAsync(() => File.Exists(_inside), "the program comes to the place where it is held");

    public void End() => File.Delete(_held);
}
