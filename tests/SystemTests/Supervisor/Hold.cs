using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>A place at which a program that the daemon or the shim runs waits for as long as the test wants.</summary>
internal sealed class Hold(string directory)
{
    private readonly string _held = Path.Combine(directory, "held");
    private readonly string _inside = Path.Combine(directory, "inside");

    public bool IsReached => File.Exists(_inside);

    /// <summary>A program that waits there, if it is held, and then becomes another.</summary>
    /// <param name="name">Its file.</param>
    /// <param name="action">Waits only if that is its last argument; null for always.</param>
    /// <param name="program">What it becomes.</param>
    public string Script(string name, string? action, string program)
    {
        string path = Path.Combine(directory, name);
        string condition = action is null ? "true" : $"[ \"$last\" = {action} ]";
        File.WriteAllText(path, $"""
            #!/bin/sh
            export PATH=/usr/bin:/bin
            for last; do :; done
            if [ -e {_held} ] && {condition}; then
              : >{_inside}
              while [ -e {_held} ]; do sleep 0.02; done
              rm -f {_inside}
            fi
            exec {program} "$@"

            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public void Begin() => File.WriteAllText(_held, "");

    public Task ReachedAsync() => Until.TrueAsync(() => IsReached, "the program comes to the place where it is held");

    public void End() => File.Delete(_held);
}
