// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Net.Security;
using ClusterManager.Consul;
using ClusterManager.Grpc.Server;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Processes;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Credentials;
using ClusterManager.Manager.Diagnosis;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Enrollment;
using ClusterManager.Manager.Gates;
using ClusterManager.Manager.Hooks;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.Registry;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Telemetry;
using ClusterManager.Manager.Tracking;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Hosting;

/// <summary>The manager's object graph, and its life: built once, run until cancelled.</summary>
internal sealed class ManagerHost : IAsyncDisposable
{
    // Longer than a Consul election (about 3 s) would only make a lost call look alive.
    private static readonly TimeSpan ConsulTimeout = TimeSpan.FromMilliseconds(2500);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private static readonly ImmutableSortedDictionary<string, RegistryLoginRecord> NoLogins =
        ImmutableSortedDictionary<string, RegistryLoginRecord>.Empty;

    private readonly ManagerSettings _settings;
    private readonly ILoggerFactory _loggers;
    private readonly ConsulClient _consul;
    private readonly CertificateHolder _holder;
    private readonly CertificateReload _reload;
    private readonly SelfRenewal _renewal;
    private readonly PeerValidator _validator;
    private readonly LeaderWatch _watch;
    private readonly LeadershipLoop _leadership;
    private readonly Forwarder _forwarder;
    private readonly SecretStore _secrets;
    private readonly ManagerTelemetry _telemetry;
    private readonly RegistryAccess _registries;
    private readonly CredentialDesk _credentials;
    private readonly HttpMessageInvoker _gates;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly PlanDesk _plans;

    public ManagerHost(ManagerSettings settings, ILoggerFactory loggers)
    {
        _settings = settings;
        _loggers = loggers;
        _holder = new CertificateHolder(settings.Certificate);
        _reload = new CertificateReload(settings.Paths, _holder, _time, loggers.CreateLogger<CertificateReload>());
        _validator = new PeerValidator(settings.Identity.Cluster.ToString(), () => _reload.Trust, _time);
        var token = new FileToken(settings.Paths.ManagerConsulToken);
        _consul =
            new ConsulClient(
            new ConsulClientOptions { Address = new Uri(settings.Node.Consul.HttpAddress), Token = token.Read, Timeout = ConsulTimeout });
        _secrets = new SecretStore(_consul, new SecretBox(settings.ClusterKey));
        _renewal = new SelfRenewal(
            settings.Paths, _holder, _secrets, settings.Identity, () => _reload.Trust, _time, loggers.CreateLogger<SelfRenewal>());
        _watch = new LeaderWatch(_consul, loggers.CreateLogger<LeaderWatch>());
        var beat = new LeaderBeat(_consul, settings.Identity, _time, loggers.CreateLogger<LeaderBeat>());
        var bootstrap = new Bootstrap(_consul, settings.Paths, settings.Identity, _secrets, _time, loggers.CreateLogger<Bootstrap>());
        _gates = GateClient.MakeHttp();
        _credentials = new CredentialDesk(
            () => _leadership?.Term.Current?.Engine.Snapshots.Current.Logins ?? NoLogins, new SecretBox(settings.ClusterKey),
            new HelperRunner(settings.HelpersDirectory, _time), _time, loggers.CreateLogger<CredentialDesk>());
        _registries = new RegistryAccess(settings.RegistriesFile, _time, loggers.CreateLogger<RegistryAccess>())
        {
            Credentials = _credentials,
        };
        var factory = new TermFactory(_consul, beat, bootstrap, settings.Identity, _time, loggers)
        {
            Tags = new RegistryTagReader(_registries),
            Gates = new GateClient(_gates, _time),
        };
        _leadership = new LeadershipLoop(_consul, _watch, beat, factory, settings.Identity, loggers.CreateLogger<LeadershipLoop>());
        _forwarder = new Forwarder(_leadership, _watch, settings.Identity, Connect, _time);
        _plans = new PlanDesk(_time);
        _telemetry = new ManagerTelemetry(_leadership, _watch, _holder, _time);
    }

    /// <summary>How many agents have a session with this manager; 0 while it does not lead.</summary>
    public int SessionCount => _leadership.Term.Current?.Sessions.Count ?? 0;

    /// <summary>Serves and stands for leader until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var app = BuildApp();
        using var export = OtlpExport.TryStart(
            Environment.GetEnvironmentVariable, _settings.Identity.Cluster.ToString(), _settings.Identity.Name, ManagerVersion.Text);
        using var tasks = new OwnedTasks(cancellationToken);
        await app.StartAsync(cancellationToken);
        tasks.TryStart(_watch.RunAsync);
        tasks.TryStart(_leadership.RunAsync);
        tasks.TryStart(_reload.RunAsync);
        tasks.TryStart(_renewal.RunAsync);
        var notifier = SystemdNotifier.FromEnvironment();
        notifier.Ready();
        tasks.TryStart(new Watchdog(notifier, ProveAsync, _time).RunAsync);
        try
        {
            await tasks.WhenEndedAsync();
        }
        finally
        {
            notifier.Stopping();
            using var limit = new CancellationTokenSource(StopLimit, _time);
            await app.StopAsync(limit.Token);
        }
    }

    public ValueTask DisposeAsync()
    {
        _telemetry.Dispose();
        _plans.Dispose();
        _forwarder.Dispose();
        _registries.Dispose();
        _gates.Dispose();
        _consul.Dispose();
        return ValueTask.CompletedTask;
    }

    // The loop of a term is watched by the term itself, which ends the process (LeadershipLoop.OnHung): here it is enough that work
    // given to the pool is done, and that a connection to the API is accepted.
    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(System.Net.IPAddress.Loopback, _settings.Port, cancellationToken);
    }

    private GrpcChannel Connect(Uri address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        SslOptions = ClusterTls.ClientOptions(address.Host, _holder, _validator),
        ConnectTimeout = TimeSpan.FromSeconds(2),
        KeepAlivePingDelay = TimeSpan.FromSeconds(1),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(2),
        MaxReceiveMessageSize = 64 << 20,
    });

    private WebApplication BuildApp()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(_loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Configure);
        var app = builder.Build();
        app.Use(MetricsEndpoint.GuardPlainAsync);
        app.UseRouting();
        MapServices(app);
        MapPlain(app);
        return app;
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
        kestrel.ListenAnyIP(_settings.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                // Asked per connection, so that a renewed certificate is shown.
                OnConnection = _ => ValueTask.FromResult(
                    ClusterTls.ServerOptions(_holder, _validator, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11)),
            });
        });
        if (_settings.MetricsAddress is { } plain) kestrel.Listen(plain, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private void MapServices(WebApplication app)
    {
        var map = new ClusterMapSource(() => _reload.Trust, _settings.Port);
        var logs = new LogBroker();
        var departure = new NodeDeparture(_consul, _loggers.CreateLogger<NodeDeparture>());
        var desk = new CertificateDesk(_secrets, _settings.Identity, () => _reload.Trust, _time);
        var doctor = new Examination(_consul, ManagerFacts.Of(_settings), _time);
        var options = new GrpcServiceOptions
        {
            Interceptors =
                [new GrpcMetricsInterceptor(_time), new CallerInterceptor(_validator, _loggers.CreateLogger<CallerInterceptor>())],
            MaxSendMessageSize = 64 << 20,
        };
        ServerServiceDefinition[] services =
        [
            V1.ServiceApi.BindService(new ServiceApiService(_forwarder, new LogReader(logs, _time), _plans, _time)),
            V1.StackApi.BindService(new StackApiService(_forwarder, _plans, _time)),
            V1.NodeApi.BindService(new NodeApiService(_forwarder, _watch, departure, _time)),
            V1.TokenApi.BindService(new TokenApiService(_forwarder, () => _reload.Trust, _time)),
            V1.ClusterApi.BindService(new ClusterApiService(_forwarder, _watch, doctor, _time)),
            V1.PlanApi.BindService(new PlanApiService(_forwarder, _plans, new DriftSurvey(_time))),
            V1.ImageApi.BindService(new ImageApiService(
                _forwarder, new TagAnswers(_registries), _credentials, new RegistryTagReader(_registries), _time)),
            V1.AgentApi.BindService(new AgentApiService(_leadership, _watch, map, logs, _time, _loggers)
            {
                Auths = new PullAuths(_credentials),
            }),
            V1.Enrollment.BindService(new EnrollmentService(
                _forwarder, _consul, desk, _secrets, _settings.ClusterKey, map, _time, _loggers.CreateLogger<EnrollmentService>())),
        ];
        foreach (var service in services) app.MapGrpcService(service, options);
    }

    // What needs no identity: health for probes, and the roots for joiners, who check them by their token's pin.
    private void MapPlain(WebApplication app)
    {
        var metrics = new MetricsEndpoint(_telemetry, _validator, new AccessToken(_settings.MetricsTokenFile));
        app.MapGet(MetricsEndpoint.Path, metrics.AnswerAsync);
        var hooks = new HookEndpoint(
            new AccessToken(_settings.HooksTokenFile), new HookRelay(_forwarder), _time, _loggers.CreateLogger<HookEndpoint>());
        app.MapPost(HookEndpoint.Path, hooks.AnswerAsync);
        app.MapPost(HookEndpoint.Path + "/{" + HookEndpoint.TokenPart + "}", hooks.AnswerAsync);
        app.MapGet("/healthz", context => context.Response.WriteAsync("ok\n"));
        app.MapGet("/readyz", context =>
        {
            var leader = _watch.Leader.Current;
            var problem = !_watch.ConsulAnswers ? "Consul does not answer"
                : !leader.IsHeld ? "no manager leads"
                : leader.NodeId == _settings.Identity.Node.ToString() && _forwarder.CurrentTerm is null ? "this manager is about to lead"
                : null;
            context.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync((problem ?? "ready") + "\n");
        });
        app.MapGet("/v1/ca", context =>
        {
            context.Response.ContentType = "application/x-pem-file";
            return context.Response.WriteAsync(_reload.Trust.ToPem());
        });
    }
}
