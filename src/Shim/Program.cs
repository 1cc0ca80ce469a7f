using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.Serving;

namespace ShimStack.Shim;

/// <summary>The shim's binary: a helper that a daemon runs for a moment (start, delete, -info, -v), or the server of a container.</summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        string program = Environment.GetCommandLineArgs()[0];
        ExitCode? helped = HelperActions.Run(program, words, out ShimArguments arguments);
        return (int)(helped ?? ShimServer.Run(RuntimeName.Of(program), arguments));
    }
}
