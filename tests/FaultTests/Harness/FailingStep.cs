namespace ShimStack.FaultTests.Harness;

/// <summary>The step of a life at which the runtime fails: the calls of all steps go through here, and one meets the failpoint.</summary>
internal sealed class FailingStep
{
    private readonly FaultStage _stage;
    private readonly (string Step, string Place, string What) _point;

    public FailingStep(FaultStage stage, string step, string place, string what)
    {
        (_stage, _point) = (stage, (step, place, what));
        stage.Runtime.Set(step, place, what);
    }

    /// <summary>Starts an exec that shall not meet the failpoint.</summary>
    public async Task<T> WithoutAsync<T>(Func<Task<T>> call)
    {
        if (!Names("exec"))
        {
            return await call();
        }

        _stage.Runtime.Clear();
        try
        {
            return await call();
        }
        finally
        {
            _stage.Runtime.Set(_point.Step, _point.Place, _point.What);
        }
    }

    /// <summary>Makes the call of a step.</summary>
    /// <param name="step">Which.</param>
    /// <param name="call">The call.</param>
    /// <param name="isThere">There is a container meanwhile.</param>
    /// <param name="other">An exec that has nothing to do with it.</param>
    /// <returns>False: it failed, as it must.</returns>
    public async Task<bool> RunAsync(string step, Func<Task> call, bool isThere = true, string? other = null)
    {
        if (Names(step) && _point.What == FailingRuntime.Die)
        {
            await _stage.MustFailAsync(NameOf(step), call(), reason: step == "exec" ? "exec" : "");
            return false;
        }

        Task running = call();
        if (Names(step) && _point.What == FailingRuntime.Hang)
        {
            await LookAsync(step, running, isThere, other);
        }

        await _stage.MustAsync(NameOf(step), running);
        return true;
    }

    private bool Names(string step) => step == _point.Step;

    private async Task LookAsync(string step, Task running, bool isThere, string? other)
    {
        _stage.Findings.Check(await _stage.Runtime.IsReachedAsync(), $"{NameOf(step)} does not ask the runtime");
        await _stage.AnswersAsync(isThere);
        if (other is not null)
        {
            await _stage.CanKillAsync(other);
        }

        _stage.Findings.Check(!running.IsCompleted, $"{NameOf(step)} does not wait for the runtime");
        _stage.Runtime.LetGo();
    }

    private static string NameOf(string step) => step == "exec" ? "Start of an exec" : char.ToUpperInvariant(step[0]) + step[1..];
}
