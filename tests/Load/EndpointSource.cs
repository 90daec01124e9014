// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net;

namespace ClusterManager.Load;

/// <summary>
/// Where one client's next request goes. A name is looked up once a second, or when its time to live has passed if that is longer; while
/// the name server does not answer, what was known holds on.
/// </summary>
public sealed class EndpointSource
{
    private static readonly TimeSpan Rhythm = TimeSpan.FromSeconds(1);
    private readonly LoadTarget _target;
    private readonly LoadOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private ushort _question;
    private volatile IReadOnlyList<IPEndPoint> _endpoints;

    /// <summary>The source of a target's client.</summary>
    /// <param name="target">What is asked.</param>
    /// <param name="options">Who is asked for names.</param>
    /// <param name="time">The clock.</param>
    /// <param name="seed">Of its choices.</param>
    public EndpointSource(LoadTarget target, LoadOptions options, TimeProvider time, int seed)
    {
        (_target, _options, _time, _random) = (target, options, time, new Random(seed));
        _endpoints = target.Address is { } address ? [address] : [];
    }

    /// <summary>Every place that is known now.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => _endpoints;

    /// <summary>One of them at random; null: there is none.</summary>
    public IPEndPoint? Pick()
    {
        var known = _endpoints;
        if (known.Count == 0) return null;
        lock (_random) return known[_random.Next(known.Count)];
    }

    /// <summary>Keeps it current until cancelled.</summary>
    /// <param name="changed">Called after each look-up.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action changed, CancellationToken cancellationToken)
    {
        if (_target.Service is not { } name) return;
        try
        {
            while (true)
            {
                var answer = await SrvQuestion.AskAsync(
                    _options.NameServer, name, ++_question, Rhythm, _time, cancellationToken, _target.Port);
                if (answer is not null)
                {
                    _endpoints = answer.Endpoints;
                    changed();
                }

                await Task.Delay(answer?.Lifetime > Rhythm ? answer.Lifetime : Rhythm, _time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run is over.
        }
    }
}
