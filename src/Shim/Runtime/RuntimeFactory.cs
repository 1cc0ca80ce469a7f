using ShimStack.Api.Runc;

namespace ShimStack.Shim.Runtime;

/// <summary>Makes the runtime of one container from the options of its Create and its bundle.</summary>
internal delegate IOciRuntime RuntimeFactory(Options options, string bundle);
