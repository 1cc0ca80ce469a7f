using Google.Protobuf;
using ShimStack.Supervisor.Tests.Hosting;

namespace ShimStack.Supervisor.Tests.Comparison;

/// <summary>One request of the comparison.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Path">Service and method.</param>
/// <param name="Run">Makes it, and says what came of it.</param>
internal sealed record ApiCall(string Name, string Path, Func<ApiClient, Task<string>> Run)
{
    public static ApiCall Of<TResponse>(string name, string path, IMessage request, string? nameSpace = "cmp")
        where TResponse : class, IMessage<TResponse>, new() =>
        new(name, path, client => client.OutcomeAsync<TResponse>(path, request, nameSpace));
}
