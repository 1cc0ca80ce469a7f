using ShimStack.Native;

namespace ShimStack.Shim.Bootstrap;

/// <summary>Steps of a clean-up, each of which may fail without keeping the others from being done.</summary>
/// <param name="warn">Takes one line for each thing that did not work.</param>
internal sealed class Attempts(Action<string> warn)
{
    public void Try(string what, Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is SyscallException or StartupException or InvalidDataException)
        {
            warn($"failed to {what}: {e.Message}");
        }
    }
}
