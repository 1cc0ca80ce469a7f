using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Crash;

/// <summary>
/// A runtime that stops once, at a chosen place of a chosen command, and says so: runc behind a shell script. It goes on when it is let go, unless
/// somebody has killed it.
/// </summary>
internal sealed class SteppingRuntime : IDisposable
{
    private readonly string _directory;
    private FileStream? _gate;

    private SteppingRuntime(string directory) => _directory = directory;

    public string Path => System.IO.Path.Combine(_directory, "runc");

    /// <summary>A script that a hook can be: it stops once as well.</summary>
    public string Hook => System.IO.Path.Combine(_directory, "hook");

    private string Stopped => System.IO.Path.Combine(_directory, "stopped");

    private string Gate => System.IO.Path.Combine(_directory, "gate");

    /// <param name="stage">Where.</param>
    /// <param name="step">"before create", "after exec", or "in hook" for the hook only.</param>
    /// <param name="folder">The name of its folder.</param>
    public static SteppingRuntime Create(Stage stage, string step, string folder = "stepping")
    {
        SteppingRuntime runtime = new(System.IO.Path.Combine(stage.Directory, folder));
        Directory.CreateDirectory(runtime._directory);
        Fifo.Make(runtime.Gate);
        string[] words = step.Split(' ');
        // mkdir is the lock: the first one there stops, all others run through (the clean-up calls the same script).
        string stop = $"mkdir {runtime.Stopped} 2>/dev/null && read x <{runtime.Gate}";
        string isCommand = $"case \" $* \" in *' {words[1]} '*) {stop} ;; esac";
        runtime.Write(runtime.Path, words[0] == "before" ? $"{isCommand}\nexec runc \"$@\"" : words[0] == "after" ? $"runc \"$@\"; code=$?\n{isCommand}\nexit $code" : "exec runc \"$@\"");
        runtime.Write(runtime.Hook, $"cat >/dev/null\n{stop}\nexit 0");
        return runtime;
    }

    public Task StoppedAsync() => Until.TrueAsync(() => Directory.Exists(Stopped), "the runtime comes to the chosen step");

    /// <summary>Whatever waits at the step now or comes there later goes on: the gate holds a line as long as this is not disposed.</summary>
    public void LetGo()
    {
        _gate = File.Open(Gate, FileMode.Open, FileAccess.ReadWrite);
        _gate.Write("go\n"u8);
        _gate.Flush();
    }

    public void Dispose() => _gate?.Dispose();

    private void Write(string path, string body)
    {
        ProgramFile.Write(path, $"#!/bin/sh\n{body}\n");
    }
}
