using Grpc.Core;

namespace ShimStack.Supervisor.Hosting;

/// <summary>Sees every call begin and end: to count it, or to make it part of a trace. Without anybody who wants that there is none.</summary>
internal interface ICallWatch
{
    /// <summary>A call begins.</summary>
    /// <param name="call">What it is.</param>
    /// <param name="isStream">It is answered by a stream.</param>
    /// <returns>What <see cref="Ended"/> is to know of it.</returns>
    object? Began(ServerCallContext call, bool isStream);

    /// <summary>It has ended.</summary>
    /// <param name="begun">What <see cref="Began"/> said.</param>
    /// <param name="call">What it was.</param>
    /// <param name="failure">What it threw; null if it was answered.</param>
    void Ended(object? begun, ServerCallContext call, Exception? failure);
}
