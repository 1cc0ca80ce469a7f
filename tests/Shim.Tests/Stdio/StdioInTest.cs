using Microsoft.Extensions.Logging;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Stdio;

namespace ShimStack.Shim.Tests.Stdio;

/// <summary>What streams need around them.</summary>
internal static class StdioInTest
{
    public static StdioContext Context(EventLoop loop, ILogger? logger = null, Reaper? reaper = null)
    {
        logger ??= new RememberedLog();
        return new StdioContext(loop, new FifoReaders(loop), logger, reaper ?? new Reaper(loop.Timers), new Background(logger));
    }
}
