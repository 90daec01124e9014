// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClusterManager.Cli.Contexts;

/// <summary>
/// Calls to whichever manager answers. Managers are tried in order; a call is repeated on the next one when the first did not get it, or
/// when repeating is harmless: reads, and mutations, which carry a request id and therefore happen once.
/// </summary>
internal sealed class ClusterConnection : IDisposable
{
    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(10);
    // At most so long is lost on a manager that is gone while there is another to try.
    private static readonly TimeSpan HastyConnect = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatientConnect = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    private readonly CliEnvironment _environment;
    private readonly ClusterContext _context;
    private readonly Action<string> _notice;
    private readonly GrpcChannel?[] _channels;
    private int _at;
    private bool _isNoticed;
    private bool _isPatient;

    public ClusterConnection(CliEnvironment environment, ClusterContext context, Action<string> notice)
    {
        (_environment, _context, _notice) = (environment, context, notice);
        _channels = new GrpcChannel?[context.Managers.Length];
        _isPatient = context.Managers.Length == 1;
    }

    /// <summary>The context's name, for questions and reports.</summary>
    public string ContextName => _context.Name;

    /// <summary>The manager that answered last, or the first to be tried.</summary>
    public string Manager => _context.Managers[_at];

    /// <summary>Asks something; repeated freely.</summary>
    public Task<T> ReadAsync<T>(Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken) =>
        CallAsync(call, isMutation: false, RetryFor, CallDeadline, cancellationToken);

    /// <summary>As <see cref="ReadAsync{T}(Func{CallInvoker, CallOptions, AsyncUnaryCall{T}}, CancellationToken)"/> with a limit for
    /// everything together.</summary>
    public Task<T> ReadAsync<T>(Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call, TimeSpan limit,
        CancellationToken cancellationToken) =>
        CallAsync(call, isMutation: false, limit, limit, cancellationToken);

    /// <summary>Changes something. The request must carry a request id that is the same in each try.</summary>
    /// <exception cref="CliException">Code 6 when no try was answered and one may have been received, else as the answer says.</exception>
    public Task<T> MutateAsync<T>(Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken) =>
        CallAsync(call, isMutation: true, RetryFor, CallDeadline, cancellationToken);

    /// <summary>Begins a stream on the current manager; a broken one is begun again by its reader after <see cref="MoveOn"/>.</summary>
    public AsyncServerStreamingCall<T> Stream<T>(
        Func<CallInvoker, CallOptions, AsyncServerStreamingCall<T>> call, TimeSpan? limit, CancellationToken cancellationToken)
    {
        var deadline = limit is { } span ? (DateTime?)_environment.Time.GetUtcNow().Add(span).UtcDateTime : null;
        return call(Invoker(), new CallOptions(deadline: deadline, cancellationToken: cancellationToken));
    }

    /// <summary>The next call goes to the next manager.</summary>
    public void MoveOn()
    {
        var left = Manager;
        _at = (_at + 1) % _context.Managers.Length;
        if (_isNoticed || _context.Managers.Length == 1) return;
        _isNoticed = true;
        _notice($"manager {left} does not answer; trying {Manager}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels) channel?.Dispose();
    }

    private async Task<T> CallAsync<T>(
        Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call, bool isMutation, TimeSpan retryFor, TimeSpan callDeadline,
        CancellationToken cancellationToken)
    {
        var end = _environment.Time.GetTimestamp();
        var (mayHaveArrived, someAnswered) = (false, false);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var options = new CallOptions(deadline: _environment.Time.GetUtcNow().Add(callDeadline).UtcDateTime,
                    cancellationToken: cancellationToken);
                return await call(Invoker(), options).ResponseAsync;
            }
            catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
            {
                var failure = CallFailure.Of(e);
                mayHaveArrived |= failure.MayHaveArrived;
                someAnswered |= !failure.NeverConnected;
                var isLate = _environment.Time.GetElapsedTime(end) >= retryFor;
                var isRoundDone = attempt % _context.Managers.Length == 0 && !someAnswered;
                var isHopeless = isRoundDone && !BecomePatient();
                if (!failure.IsRetryable || isLate || isHopeless)
                    throw Final(failure, isMutation && mayHaveArrived && failure.IsRetryable);
                MoveOn();
                if (attempt % _context.Managers.Length == 0) await Task.Delay(RetryPause, _environment.Time, cancellationToken);
            }
            catch (RpcException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        }
    }

    // All of them were tried in haste and none was reached: the way to them may be slow, so each gets one more try with time.
    private bool BecomePatient()
    {
        if (_isPatient) return false;
        _isPatient = true;
        for (var i = 0; i < _channels.Length; i++)
        {
            _channels[i]?.Dispose();
            _channels[i] = null;
        }

        return true;
    }

    private CliException Final(CallFailure failure, bool isOutcomeUnknown)
    {
        if (isOutcomeUnknown)
            return new CliException(
                ExitCode.OutcomeUnknown,
                "the answer was lost: it is not known whether the change was made; running the command again is safe", "cluster status");
        if (!failure.NeverConnected) return failure.Error;
        var tried = string.Join(", ", _context.Managers);
        return new CliException(
            ExitCode.NoManager, $"no manager of '{_context.Name}' can be reached (tried {tried}): {failure.Error.Message}",
            "cluster context show");
    }

    private CallInvoker Invoker() =>
        (_channels[_at] ??= _environment.Channels.Open(_context, Manager, _isPatient ? PatientConnect : HastyConnect, _environment.Time))
            .CreateCallInvoker();
}
