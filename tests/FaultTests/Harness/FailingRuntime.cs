using ShimStack.ShimDriver.Stdio;

namespace ShimStack.FaultTests.Harness;

/// <summary>
/// runc behind a script that obeys failpoints: each is a file, named after a command and "before" or "after", that holds what happens
/// there, once. The script is the runtime as far as a shim can know; whatever it does, runc itself is never cut in the middle.
/// </summary>
internal sealed class FailingRuntime
{
    /// <summary>Waits until <see cref="LetGo"/>.</summary>
    public const string Hang = "read x <$dir/gate";

    public const string Slow = "sleep 0.4";

    /// <summary>Is killed, as by an out-of-memory killer.</summary>
    public const string Die = "kill -9 $$";

    /// <summary>Says 4 MiB and goes on.</summary>
    public const string Shout = "head -c 4194304 /dev/zero | tr '\\0' x >&2";

    private const string Script =
        """
        #!/bin/sh
        dir=DIRECTORY
        for word do
          case $last in --pid-file) pidfile=$word ;; esac
          case $word in create|start|exec|kill|delete|pause|resume|update) command=${command:-$word} ;; esac
          last=$word
        done
        failpoint() {
          mv "$dir/$command.$1" "$dir/reached" 2>/dev/null && . "$dir/reached"
        }
        failpoint before
        runc "$@"
        code=$?
        failpoint after
        exit $code

        """;

    private readonly string _directory;
    private FileStream? _gate;

    public FailingRuntime(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
        Fifo.Make(Path.Combine(directory, "gate"));
        File.WriteAllText(Binary, Script.Replace("DIRECTORY", directory, StringComparison.Ordinal));
        File.SetUnixFileMode(Binary, (UnixFileMode)0b111_101_101);
    }

    /// <summary>What shims are told to run.</summary>
    public string Binary => Path.Combine(_directory, "failing-runc");

    private string Reached => Path.Combine(_directory, "reached");

    /// <summary>The next <paramref name="command"/> does this before or after runc does its work.</summary>
    public void Set(string command, string when, string what)
    {
        File.Delete(Reached);
        File.WriteAllText(Path.Combine(_directory, "next"), what + "\n");
        File.Move(Path.Combine(_directory, "next"), Path.Combine(_directory, $"{command}.{when}"));
    }

    /// <summary>Waits until the failpoint that was set last has been reached; false if it is not in time.</summary>
    public Task<bool> IsReachedAsync() => Until.TrueAsync(() => File.Exists(Reached));

    /// <summary>What hangs goes on, now and from now on.</summary>
    public void LetGo()
    {
        _gate ??= File.Open(Path.Combine(_directory, "gate"), FileMode.Open, FileAccess.ReadWrite);
        _gate.Write("go\n"u8);
        _gate.Flush();
    }

    /// <summary>No failpoint is left.</summary>
    public void Clear()
    {
        foreach (string when in (string[])["before", "after"])
        {
            Array.ForEach(Directory.GetFiles(_directory, "*." + when), File.Delete);
        }

        _gate?.Dispose();
        _gate = null;
    }
}
