using Grpc.Core;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Soak.Plan;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>Calls that a process in its state must refuse; what holds after each step holds after them, too.</summary>
internal static class WrongCalls
{
    public static async Task AreRefusedAsync(ProcessModel process, Container container)
    {
        if (process.IsInit)
        {
            await IsRefusedAsync(container.CreateTaskAsync, StatusCode.AlreadyExists);
        }

        switch (process.Life)
        {
            case Life.Created:
                await IsRefusedAsync(container.PauseAsync);
                break;
            case Life.Running:
                await IsRefusedAsync(() => container.StartAsync(process.Exec));
                await IsRefusedAsync(() => DeleteAsync(process, container));
                break;
            default:
                await IsRefusedAsync(() => container.KillAsync(WalkLimits.SIGKILL, process.Exec), StatusCode.NotFound);
                await IsRefusedAsync(() => container.StartAsync(process.Exec));
                break;
        }
    }

    private static Task<uint> DeleteAsync(ProcessModel process, Container container) =>
        process.IsInit ? container.DeleteAsync() : container.DeleteExecAsync(process.Exec);

    private static async Task IsRefusedAsync(Func<Task> call, StatusCode? code = null)
    {
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(code is null || refusal.StatusCode == code, $"refused with {refusal.Status}");
    }
}
