// gitlab-runner with the executors shell and docker, put together from the official runner's
// packages. docs/decisions/0010-official-runner.md says what is not in it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/sirupsen/logrus"
	"github.com/urfave/cli"
	"gitlab.com/gitlab-org/gitlab-runner/commands"
	"gitlab.com/gitlab-org/gitlab-runner/commands/helpers"
	"gitlab.com/gitlab-org/gitlab-runner/common"
	"gitlab.com/gitlab-org/gitlab-runner/executors"
	"gitlab.com/gitlab-org/gitlab-runner/executors/docker"
	"gitlab.com/gitlab-org/gitlab-runner/executors/shell"
	"gitlab.com/gitlab-org/gitlab-runner/log"
	"gitlab.com/gitlab-org/gitlab-runner/network"
	"gitlab.com/gitlab-org/gitlab-runner/router"
	_ "gitlab.com/gitlab-org/gitlab-runner/shells"
)

func main() {
	self, err := os.Executable()
	if err != nil {
		logrus.Fatal(err)
	}
	providers := executors.NewProviderRegistry(map[string]common.ExecutorProvider{
		"shell":  shell.NewProvider(self),
		"docker": docker.NewProvider(),
	})
	requests := network.NewAPIRequestsCollector()
	client := router.NewClient(
		network.NewGitLabClient(
			network.WithAPIRequestsCollector(requests),
			network.WithCertificateDirectory(commands.GetDefaultCertificateDirectory()),
			network.WithExecutorProviderFunc(providers.GetByName),
		),
		commands.GetDefaultCertificateDirectory(),
		common.AppVersion.UserAgent(),
	)
	defer client.Shutdown()

	app := cli.NewApp()
	app.Name = filepath.Base(os.Args[0])
	app.Usage = "a GitLab Runner with stand-ins for what its modules lack"
	app.Version = common.AppVersion.ShortLine()
	cli.VersionPrinter = printVersion
	app.Commands = append(runnerCommands(client, requests, providers), helperCommands()...)
	log.ConfigureLogging(app)
	if err := app.Run(os.Args); err != nil {
		logrus.Fatal(err)
	}
}

func printVersion(*cli.Context) {
	fmt.Print(common.AppVersion.Extended())
	fmt.Println("Built by:     trunkline, executors shell and docker only, no steps, no job inputs")
}

func runnerCommands(
	client common.Network,
	requests *network.APIRequestsCollector,
	providers *executors.ProviderRegistry,
) []cli.Command {
	return []cli.Command{
		commands.NewLintCommand(),
		commands.NewListCommand(),
		commands.NewRegisterCommand(client, providers),
		commands.NewResetTokenCommand(client),
		commands.NewRunCommand(client, requests, providers),
		commands.NewRunSingleCommand(client, providers),
		commands.NewUnregisterCommand(client),
		commands.NewVerifyCommand(client),
	}
}

// What jobs call, and what makes this program a gitlab-runner-helper too.
func helperCommands() []cli.Command {
	return []cli.Command{
		helpers.NewArtifactsDownloaderCommand(),
		helpers.NewArtifactsUploaderCommand(),
		helpers.NewCacheArchiverCommand(),
		helpers.NewCacheExtractorCommand(),
		helpers.NewCacheInitCommand(),
		helpers.NewHealthCheckCommand(),
		helpers.NewProbeURLCommand(),
		helpers.NewProxyExecCommand(),
		helpers.NewReadLogsCommand(),
	}
}
