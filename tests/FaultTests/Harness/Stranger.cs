using System.Diagnostics;

namespace ShimStack.FaultTests.Harness;

/// <summary>A process that has nothing to do with any container.</summary>
internal sealed class Stranger : IDisposable
{
    private readonly Process _process = Process.Start("sleep", "1000");

    public int Pid => _process.Id;

    public bool Lives => !_process.HasExited;

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
