// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0

// Command howdah-controlplane is a Kubernetes control plane in one file: etcd, kube-apiserver,
// kube-controller-manager and kubectl. The test environment starts it under those names; it is never part of the
// operator.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

const self = "howdah-controlplane"

func main() {
	program := programName(os.Args[0])
	if program == self {
		if len(os.Args) < 2 {
			usage()
		}
		// From here on the process looks as if it had been called by the other name.
		os.Args = os.Args[1:]
		program = programName(os.Args[0])
	}
	switch program {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
	case "kubectl":
		if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
			kubectlutil.CheckErr(err)
		}
	default:
		usage()
	}
}

func programName(path string) string {
	return strings.TrimSuffix(filepath.Base(path), ".exe")
}

func usage() {
	fmt.Fprintf(os.Stderr, "usage: %s etcd|kube-apiserver|kube-controller-manager|kubectl [arguments]\n", self)
	os.Exit(2)
}
