namespace ShimStack.Supervisor.Tests.Events;

/// <summary>How long anything may take that is over in milliseconds.</summary>
internal static class Limit
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(10);
}
