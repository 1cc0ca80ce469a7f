using Microsoft.Extensions.Logging;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Stdio;

/// <summary>What every stream of the process shares.</summary>
internal sealed record StdioContext(EventLoop Loop, FifoReaders Readers, ILogger Logger);
